#pragma once

#include <cstdint>
#include <deque>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/error.hpp"

namespace rag::cli {

/// A conversation as it stands in a file: one line of JSON, and where it came from.
struct SourceItem {
    std::string place;    // "chats.jsonl:12"
    std::string json;     // Without line feeds.
    std::string problem;  // Set if there is nothing to send.
};

/// Reads conversations one by one from files. A file is either NDJSON (a conversation a line), or
/// one JSON text: a conversation, or an array of them. "-" is standard input.
class ConversationSource {
public:
    explicit ConversationSource(std::vector<std::string> files);

    /// nullopt: there are no more. An error: a file cannot be read.
    Result<std::optional<SourceItem>> next();

    std::uint64_t bytes_total() const { return bytes_total_; }
    std::uint64_t bytes_read() const { return bytes_read_; }

private:
    Result<bool> open_next();
    bool refuse_format(std::string_view first_line);
    bool read_line(std::string& line);
    Result<void> read_document(std::string text);

    std::vector<std::string> files_;
    std::size_t next_file_ = 0;
    std::ifstream file_;
    std::istream* input_ = nullptr;
    std::string name_;
    std::uint64_t line_number_ = 0;
    bool begun_ = false;  // A line of this file that is not blank was seen.
    std::deque<SourceItem> ready_;
    std::uint64_t bytes_total_ = 0;
    std::uint64_t bytes_read_ = 0;
};

}  // namespace rag::cli
