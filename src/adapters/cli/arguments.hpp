#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace rag::cli {

/// Filters as they were typed; the application judges them.
struct FilterArguments {
    std::optional<std::string> author_name;
    std::optional<std::string> author_type;
    std::optional<std::string> scenario_title;
    std::optional<std::string> conversation_id;
    std::optional<std::string> date_from;
    std::optional<std::string> date_to;
};

struct SearchArguments {
    std::vector<std::string> query;  // Words, joined by spaces.
    FilterArguments filter;
    std::optional<std::int64_t> top_k;
    std::optional<double> min_score;
    std::optional<std::string> mode;
    std::optional<std::int64_t> context;
    std::optional<std::int64_t> max_tokens;
    std::optional<std::string> cursor;
    bool explain = false;
};

struct ListArguments {
    FilterArguments filter;
    std::optional<std::int64_t> skip;
    std::optional<std::int64_t> limit;
    std::optional<std::string> cursor;
};

struct ShowArguments {
    std::string id;
    std::optional<std::int64_t> from;
    std::optional<std::int64_t> to;
};

struct IngestArguments {
    std::vector<std::string> files;
};

/// Everything that a command line can say.
struct Arguments {
    std::string command;  // "serve", "config show", ...
    std::optional<std::filesystem::path> env_file;
    std::vector<std::pair<std::string, std::string>> config_flags;  // Key, value.
    bool json = false;
    IngestArguments ingest;
    SearchArguments search;
    ListArguments list;
    ShowArguments show;
    std::string delete_id;
    std::string questions_file;
};

}  // namespace rag::cli
