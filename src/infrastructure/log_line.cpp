#include "log_line.hpp"

#include <array>
#include <type_traits>

#include "domain/time.hpp"
#include "encoding/json_text.hpp"
#include "infrastructure/clock.hpp"

namespace rag {
namespace {

using encoding::append_json_number;
using encoding::append_json_string;

constexpr std::size_t kTextBytesMax = 8'192;

constexpr std::array<std::string_view, 5> kLevelNames = {
    "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"};

void append_text(std::string& out, std::string_view text) {
    append_json_string(out, text.substr(0, kTextBytesMax));
}

void append_member(std::string& out, std::string_view name, std::string_view text) {
    out += ',';
    append_text(out, name);
    out += ':';
    append_text(out, text);
}

void append_field(std::string& out, const LogField& field) {
    out += ',';
    append_text(out, field.name);
    out += ':';
    const auto append_value = [&out](const auto& value) {
        using Value = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<Value, bool>) {
            out += value ? "true" : "false";
        } else if constexpr (std::is_same_v<Value, std::int64_t>) {
            out += std::to_string(value);
        } else if constexpr (std::is_same_v<Value, double>) {
            append_json_number(out, value);
        } else {
            append_text(out, value);
        }
    };
    std::visit(append_value, field.value);
}

}  // namespace

std::string log_line(
    std::string_view timestamp,
    LogLevel level,
    std::string_view logger,
    std::string_view message,
    std::string_view trace_id,
    std::span<const LogField> fields
) {
    std::string line = R"({"timestamp":)";
    append_text(line, timestamp);
    append_member(line, "level", kLevelNames[static_cast<std::size_t>(level)]);
    append_member(line, "logger", logger);
    append_member(line, "message", message);
    for (const LogField& field : fields) append_field(line, field);
    if (!trace_id.empty()) append_member(line, "trace_id", trace_id);
    return line + "}\n";
}

std::string log_timestamp() { return format_timestamp(system_time()); }

}  // namespace rag
