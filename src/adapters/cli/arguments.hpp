#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "parameter_options.hpp"

namespace rag::cli {

struct ShowArguments {
    std::string id;
    GivenParameters part;
};

struct IngestArguments {
    std::vector<std::string> files;
    GivenParameters options;
};

struct DeleteArguments {
    std::string id;
    bool yes = false;  // Nobody need be asked.
};

/// Everything that a command line can say.
struct Arguments {
    std::string command;  // "serve", "config show", ...
    std::optional<std::filesystem::path> env_file;
    std::vector<std::pair<std::string, std::string>> config_flags;  // Key, value.
    bool json = false;
    IngestArguments ingest;
    GivenParameters search;
    GivenParameters list;
    ShowArguments show;
    DeleteArguments remove;
    std::string questions_file;
};

}  // namespace rag::cli
