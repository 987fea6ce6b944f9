#include "conversation_source.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <iostream>
#include <system_error>
#include <utility>

#include "export_format.hpp"
#include "rest.hpp"

namespace rag::cli {
namespace {

constexpr std::size_t kLineBytesMax = std::size_t{64} << 20;
constexpr std::size_t kDocumentBytesMax = std::size_t{256} << 20;
constexpr std::string_view kBlank = " \t\r\n";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool is_blank_line(std::string_view line) {
    return line.find_first_not_of(kBlank) == std::string_view::npos;
}

/// White space between tokens is all that a line feed can be in JSON text.
std::string on_one_line(std::string text) {
    std::ranges::replace_if(
        text, [](char c) { return c == '\n' || c == '\r'; }, ' '
    );
    return text;
}

bool is_line_file(const std::string& name) {
    return name.ends_with(".jsonl") || name.ends_with(".ndjson");
}

/// A JSON text that goes on over lines begins with nothing but its bracket, or is an array.
bool begins_document(std::string_view line) {
    const std::size_t start = line.find_first_not_of(kBlank);
    const std::string_view rest = line.substr(start);
    return rest.front() == '[' || (rest.front() == '{' && is_blank_line(rest.substr(1)));
}

}  // namespace

ConversationSource::ConversationSource(std::vector<std::string> files) : files_(std::move(files)) {
    for (const std::string& file : files_) {
        std::error_code failed;
        const std::uintmax_t size = std::filesystem::file_size(file, failed);
        if (!failed) bytes_total_ += size;
    }
}

Result<std::optional<SourceItem>> ConversationSource::next() {
    while (true) {
        if (!ready_.empty()) {
            SourceItem item = std::move(ready_.front());
            ready_.pop_front();
            return item;
        }
        if (input_ == nullptr) {
            Result<bool> opened = open_next();
            if (!opened) return tl::unexpected(opened.error());
            if (!*opened) return std::nullopt;
        }
        std::string line;
        if (!read_line(line)) {
            input_ = nullptr;
            continue;
        }
        if (is_blank_line(line)) continue;
        const bool first = !std::exchange(begun_, true);
        if (first && refuse_format(line)) continue;
        if (first && !is_line_file(name_) && begins_document(line)) {
            if (Result<void> read = read_document(std::move(line)); !read) {
                return tl::unexpected(read.error());
            }
            continue;
        }
        SourceItem item{name_ + ":" + std::to_string(line_number_), std::move(line), {}};
        if (item.json.size() > kLineBytesMax) {
            item.json.clear();
            item.problem = "the line is longer than 64 MiB";
        }
        return item;
    }
}

Result<bool> ConversationSource::open_next() {
    if (next_file_ == files_.size()) return false;
    name_ = files_[next_file_++];
    line_number_ = 0;
    begun_ = false;
    if (name_ == "-") {
        input_ = &std::cin;
        return true;
    }
    file_ = std::ifstream(name_, std::ios::binary);
    std::error_code failed;
    if (std::filesystem::is_directory(name_, failed)) {
        const bool slack = std::filesystem::exists(name_ + "/channels.json", failed);
        return fail(
            ErrorCode::not_found,
            name_ + ": a folder" + (slack ? ", as Slack exports one" : "") +
                " cannot be read; name its files. " + std::string(kUnderstood)
        );
    }
    if (!file_) {
        const std::string why = std::generic_category().message(errno);
        return fail(ErrorCode::not_found, name_ + ": the file cannot be read: " + why);
    }
    input_ = &file_;
    return true;
}

/// A file that is no JSON, or an export with a conversation a line, is told once, not once a line.
bool ConversationSource::refuse_format(std::string_view first_line) {
    std::string why = foreign_format(first_line, name_);
    if (why.empty() && may_be_export(first_line)) {
        const Result<encoding::Value> line = read_json(first_line);
        const std::string program = line ? exporting_program(*line) : std::string();
        if (!program.empty()) why = export_refusal(program);
    }
    if (why.empty()) return false;
    ready_.push_back({name_, {}, std::move(why)});
    input_ = nullptr;
    return true;
}

/// A line that is too long is read to its end, but not kept: it comes one byte over the limit.
bool ConversationSource::read_line(std::string& line) {
    line.clear();
    bool any = false;
    for (int c = input_->get(); c != std::istream::traits_type::eof(); c = input_->get()) {
        any = true;
        ++bytes_read_;
        if (c == '\n') break;
        if (line.size() <= kLineBytesMax) line += static_cast<char>(c);
    }
    if (line.ends_with('\r')) line.pop_back();
    if (any && line_number_++ == 0 && line.starts_with(kByteOrderMark)) {
        line.erase(0, kByteOrderMark.size());
    }
    return any;
}

Result<void> ConversationSource::read_document(std::string text) {
    text += '\n';
    std::vector<char> piece(1 << 16);
    while (input_->read(piece.data(), static_cast<std::streamsize>(piece.size())) ||
           input_->gcount() > 0) {
        const auto count = static_cast<std::size_t>(input_->gcount());
        text.append(piece.data(), count);
        bytes_read_ += count;
        if (text.size() > kDocumentBytesMax) {
            return fail(
                ErrorCode::too_large,
                name_ + ": a JSON text may have 256 MiB; write one conversation a line instead"
            );
        }
    }
    input_ = nullptr;
    const Result<encoding::Value> document = read_json(text);
    if (!document) {
        ready_.push_back({name_, {}, document.error().message});
    } else if (const std::string program = exporting_program(*document); !program.empty()) {
        ready_.push_back({name_, {}, export_refusal(program)});
    } else if (document->array() == nullptr) {
        ready_.push_back({name_, on_one_line(std::move(text)), {}});
    } else {
        std::size_t number = 0;
        for (const encoding::Value& item : *document->array()) {
            const std::string place = name_ + "[" + std::to_string(number++) + "]";
            ready_.push_back({place, on_one_line(item.to_json()), {}});
        }
    }
    return {};
}

}  // namespace rag::cli
