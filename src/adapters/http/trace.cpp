#include "trace.hpp"

#include <algorithm>

#include "encoding/random_id.hpp"

namespace rag::http {

namespace {

bool is_lower_hex(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    });
}

bool is_zero(std::string_view text) {
    return text.find_first_not_of('0') == std::string_view::npos;
}

}  // namespace

std::string trace_id_from(std::string_view traceparent) {
    // version "-" trace-id "-" parent-id "-" flags
    const bool shaped = traceparent.size() >= 55 && traceparent[2] == '-' &&
                        traceparent[35] == '-' && traceparent[52] == '-';
    if (!shaped || traceparent.starts_with("ff") || !is_lower_hex(traceparent.substr(0, 2))) {
        return encoding::random_id();
    }
    const std::string_view id = traceparent.substr(3, 32);
    const std::string_view parent = traceparent.substr(36, 16);
    const bool valid = is_lower_hex(id) && is_lower_hex(parent) && !is_zero(id) && !is_zero(parent);
    return valid ? std::string(id) : encoding::random_id();
}

}  // namespace rag::http
