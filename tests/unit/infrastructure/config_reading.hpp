#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "infrastructure/config.hpp"

namespace rag::test {

/// Reads a configuration from an environment, flags and a file of the test's own.
class ConfigReading : public testing::Test {
protected:
    ~ConfigReading() override {
        std::error_code ignored;
        std::filesystem::remove(file_, ignored);
    }

    void environment(const std::string& name, const std::string& value) {
        variables_[name] = value;
    }
    void flag(const std::string& name, const std::string& value) {
        sources_.flags.emplace_back(name, value);
    }
    void env_file(const std::string& text) {
        file_ = std::filesystem::temp_directory_path() /
                ("config_test." + std::to_string(getpid()) + ".env");
        std::ofstream(file_, std::ios::binary) << text;
        sources_.env_file = file_;
    }

    const char* look_up(const char* name) const {
        const auto found = variables_.find(name);
        return found == variables_.end() ? nullptr : found->second.c_str();
    }

    tl::expected<ConfigValues, std::vector<ConfigProblem>> read() {
        sources_.environment = [this](const char* name) { return look_up(name); };
        auto read = read_config(sources_);
        if (!read) return tl::unexpected(read.error());
        warnings_ = std::move(read->warnings);
        return std::move(read->values);
    }

    Config config() {
        const auto values = read();
        EXPECT_TRUE(values) << (values ? "" : to_string(values.error().front()));
        return values ? make_config(*values, sources_.environment) : Config{};
    }

    /// The problems, a line each, with the file's name put as "F".
    std::string problems() {
        const auto values = read();
        if (values) return "none";
        std::string text;
        for (const ConfigProblem& problem : values.error()) text += to_string(problem) + "\n";
        const std::string name = file_.string();
        for (std::size_t at = 0; !name.empty() && (at = text.find(name)) != std::string::npos;) {
            text.replace(at, name.size(), "F");
        }
        return text;
    }

    std::string warnings() {
        EXPECT_TRUE(read());
        std::string text;
        for (const std::string& warning : warnings_) text += warning + "\n";
        return text;
    }

    /// As `mcp` and the commands that people type.
    void leave_plain_names_unread() { sources_.plain_names = false; }
    void store_in(std::filesystem::path folder) {
        sources_.holds_store = [folder](const std::filesystem::path& asked) {
            return asked == folder;
        };
    }
    /// Time zones are judged, as the program does: that one alone is wrong.
    void refuse_time_zone(const std::string& wrong, const std::string& why) {
        sources_.time_zone_problem = [wrong, why](std::string_view name) {
            return name == wrong ? why : std::string();
        };
    }
    /// All variables can be listed, as in a real environment.
    void list_variables() {
        sources_.variable_names = [this] {
            std::vector<std::string> names;
            for (const auto& [name, value] : variables_) names.push_back(name);
            return names;
        };
    }

private:
    std::vector<std::string> warnings_;
    std::map<std::string, std::string> variables_ = {{"HOME", "/home/ana"}};
    ConfigSources sources_;
    std::filesystem::path file_;
};

}  // namespace rag::test
