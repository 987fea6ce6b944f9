#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>

#include "infrastructure/generated_docs.hpp"

/// generate_docs ROOT           writes what is made from tables: files, and parts of files
/// generate_docs --check ROOT   exit 1 if one of them is not up to date
namespace {

struct Generated {
    const char* path;
    std::string (*make)();
    bool part = false;  // It stands between two marks of a file that people write.
};

constexpr Generated kFiles[] = {
    {"docs/configuration.md", rag::configuration_markdown},
    {"docs/metrics.md", rag::metrics_markdown},
    {".env.example", rag::env_example},
    {"scripts/config_schema.json", rag::config_schema_json},
    {"docs/api.md", rag::parameters_markdown, true},
    {"docs/mcp.md", rag::arguments_markdown, true},
};

constexpr std::string_view kBegin =
    "<!-- Generated from src/application/parameter_table.cpp by `generate_docs`, up to the end. "
    "-->\n\n";
constexpr std::string_view kEnd = "<!-- End of what is generated. -->\n";

std::string read(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

bool write(const std::filesystem::path& path, const std::string& text) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream file(path, std::ios::binary);
    file << text;
    file.close();
    return !file.fail();
}

/// What the file should hold; nullopt: it has no place for the part.
std::optional<std::string> wanted_text(const Generated& file, const std::string& there) {
    if (!file.part) return file.make();
    const std::size_t mark = there.find(kBegin);
    if (mark == std::string::npos) return std::nullopt;
    const std::size_t begin = mark + kBegin.size();
    const std::size_t end = there.find(kEnd, begin);
    if (end == std::string::npos) return std::nullopt;
    return there.substr(0, begin) + file.make() + there.substr(end);
}

}  // namespace

int main(int argc, char** argv) {
    const bool check = argc == 3 && std::strcmp(argv[1], "--check") == 0;
    if (argc != 2 && !check) {
        std::cerr << "usage: generate_docs [--check] ROOT\n";
        return 2;
    }
    const std::filesystem::path root(argv[argc - 1]);
    bool good = true;
    for (const Generated& file : kFiles) {
        const std::string there = read(root / file.path);
        const std::optional<std::string> text = wanted_text(file, there);
        if (!text) {
            std::cerr << file.path << " has no place for what is generated: " << kBegin << kEnd;
            good = false;
            continue;
        }
        if (check && there != *text) {
            std::cerr << file.path << " is not up to date: run generate_docs " << root << "\n";
            good = false;
        }
        if (!check && !write(root / file.path, *text)) {
            std::cerr << file.path << " cannot be written\n";
            good = false;
        }
    }
    return good ? 0 : 1;
}
