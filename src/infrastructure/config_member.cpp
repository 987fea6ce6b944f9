#include "config_member.hpp"

#include <algorithm>
#include <array>
#include <thread>

namespace rag {

void read_value(const ConfigText& value, std::string& out) { out = value.text; }
void read_value(const ConfigText& value, bool& out) { out = value.text == kTrueWords.front(); }

void read_value(const ConfigText& value, std::chrono::milliseconds& out) {
    out = std::chrono::milliseconds(milliseconds_of(value.text));
}

void read_value(const ConfigText& value, std::filesystem::path& out) {
    out = value.text;
    if (value.text.starts_with("~/") && !value.home.empty()) {
        out = std::string(value.home) + std::string(value.text.substr(1));
    }
}

void read_value(const ConfigText& value, std::vector<std::string>& out) {
    out.clear();
    for (std::string_view rest = value.text; !rest.empty();) {
        const std::size_t comma = std::min(rest.find(','), rest.size());
        std::string_view part = rest.substr(0, comma);
        while (part.starts_with(' ')) part.remove_prefix(1);
        while (part.ends_with(' ')) part.remove_suffix(1);
        if (!part.empty()) out.emplace_back(part);
        rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
}

void fill_log_level(Config& config, const ConfigText& value) {
    constexpr std::array<std::string_view, 5> kNames = {
        "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"};
    const auto* found = std::ranges::find(kNames, value.text);
    config.server.log_level = static_cast<LogLevel>(found - kNames.begin());
    config.server.log_level_given = value.given;
}

void fill_workers(Config& config, const ConfigText& value) {
    read_value(value, config.server.workers);
    if (config.server.workers == 0) {
        config.server.workers = std::max(1u, std::thread::hardware_concurrency());
    }
}

}  // namespace rag
