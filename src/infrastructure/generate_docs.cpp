#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "infrastructure/generated_docs.hpp"

/// generate_docs ROOT           writes the files that are made from tables
/// generate_docs --check ROOT   exit 1 if one of them is not up to date
namespace {

struct Generated {
    const char* path;
    std::string (*make)();
};

constexpr Generated kFiles[] = {
    {"docs/configuration.md", rag::configuration_markdown},
    {"docs/metrics.md", rag::metrics_markdown},
    {".env.example", rag::env_example},
    {"scripts/config_schema.json", rag::config_schema_json},
};

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
        const std::string text = file.make();
        if (check && read(root / file.path) != text) {
            std::cerr << file.path << " is not up to date: run generate_docs " << root << "\n";
            good = false;
        }
        if (!check && !write(root / file.path, text)) {
            std::cerr << file.path << " cannot be written\n";
            good = false;
        }
    }
    return good ? 0 : 1;
}
