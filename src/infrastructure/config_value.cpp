#include "config_value.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "encoding/utf8.hpp"

namespace rag {
namespace {

using encoding::utf8_sequence;

using Canonical = tl::expected<std::string, std::string>;

constexpr std::size_t kShownBytesMax = 60;
constexpr std::size_t kNumberDigitsMax = 15;  // Fits 64 bits, in milliseconds too.

Canonical refused(std::string message) { return tl::unexpected<std::string>(std::move(message)); }

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, {}, lower, lower);
}

bool is_digits(std::string_view text) {
    return !text.empty() && text.size() <= kNumberDigitsMax &&
           std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool has_unprintable(std::string_view text) {
    while (!text.empty()) {
        const std::size_t length = utf8_sequence(text);
        const auto byte = static_cast<unsigned char>(text[0]);
        if (length == 0 || byte < 0x20 || byte == 0x7F) return true;
        text.remove_prefix(length);
    }
    return false;
}

std::string range_of(const ConfigKey& key) {
    return "between " + std::to_string(key.min) + " and " + std::to_string(key.max);
}

Canonical boolean_value(const ConfigKey& key, std::string_view raw) {
    for (const std::string_view word : kTrueWords) {
        if (equal_ignoring_case(raw, word)) return "true";
    }
    for (const std::string_view word : kFalseWords) {
        if (equal_ignoring_case(raw, word)) return "false";
    }
    return refused(shown(key, raw) + " is neither true nor false");
}

Canonical integer_value(const ConfigKey& key, std::string_view raw) {
    const std::string expected = "a whole number " + range_of(key);
    if (!is_digits(raw)) return refused(shown(key, raw) + " is not " + expected);
    const std::int64_t number = integer_of(raw);
    if (number < key.min || number > key.max) {
        return refused(shown(key, raw) + " is not " + expected);
    }
    return std::to_string(number);
}

Canonical seconds_value(const ConfigKey& key, std::string_view raw) {
    const std::string message = shown(key, raw) + " is not a number of seconds " + range_of(key) +
                                " with at most three decimals";
    const std::size_t point = raw.find('.');
    const bool has_point = point != std::string_view::npos;
    const std::string_view whole = raw.substr(0, point);
    std::string decimals(has_point ? raw.substr(point + 1) : std::string_view());
    if (!is_digits(whole) || (has_point && !is_digits(decimals)) || decimals.size() > 3) {
        return refused(message);
    }
    const std::int64_t ms = milliseconds_of(raw);
    if (ms < key.min * 1'000 || ms > key.max * 1'000) return refused(message);
    std::string canonical = std::to_string(ms / 1'000);
    while (decimals.ends_with('0')) decimals.pop_back();
    if (!decimals.empty()) canonical += "." + decimals;
    return canonical;
}

Canonical choice_value(const ConfigKey& key, std::string_view raw) {
    const std::size_t equals = key.also.find('=');
    if (!key.also.empty() && equal_ignoring_case(key.also.substr(0, equals), raw)) {
        return std::string(key.also.substr(equals + 1));
    }
    std::string listed;
    for (std::string_view rest = key.choices; !rest.empty();) {
        const std::size_t bar = std::min(rest.find('|'), rest.size());
        const std::string_view choice = rest.substr(0, bar);
        if (equal_ignoring_case(choice, raw)) return std::string(choice);
        if (!listed.empty()) listed += ", ";
        listed += choice;
        rest.remove_prefix(std::min(bar + 1, rest.size()));
    }
    return refused(shown(key, raw) + " is not one of " + listed);
}

Canonical typed_value(const ConfigKey& key, std::string_view raw) {
    if (has_unprintable(raw)) return refused("the value holds a control character or bad UTF-8");
    switch (key.type) {
        case ConfigType::boolean:
            return boolean_value(key, raw);
        case ConfigType::integer:
            return integer_value(key, raw);
        case ConfigType::seconds:
            return seconds_value(key, raw);
        case ConfigType::choice:
            return choice_value(key, raw);
        case ConfigType::url:
            if (raw.find("://") == std::string_view::npos) {
                return refused(shown(key, raw) + " is not a URL (scheme://...)");
            }
            return std::string(raw);
        case ConfigType::text:
        case ConfigType::path:
        case ConfigType::list:
            return std::string(raw);
    }
    return std::string(raw);
}

}  // namespace

Canonical canonical_value(const ConfigKey& key, std::string_view raw) {
    Canonical value = typed_value(key, raw);
    if (!value) return value;
    if (key.name == "DATABASE_URL" && value->starts_with("sqlite:") && *value != key.fallback) {
        return refused("only sqlite:/// is supported; its file lies in DATA_DIR");
    }
    if (key.refuse == Refuse::any_value) {
        return refused(
            "needs " + std::string(key.needs) + ", which this version does not have; remove the key"
        );
    }
    if (key.refuse == Refuse::all_but_default && *value != key.fallback) {
        return refused(
            shown(key, *value) + " needs " + std::string(key.needs) +
            ", which this version does not have; remove the key or set it to " +
            std::string(key.fallback)
        );
    }
    return value;
}

std::int64_t integer_of(std::string_view value) {
    std::int64_t number = 0;
    std::from_chars(value.data(), value.data() + value.size(), number);
    return number;
}

std::int64_t milliseconds_of(std::string_view value) {
    const std::size_t point = std::min(value.find('.'), value.size());
    std::string decimals(value.substr(std::min(point + 1, value.size())));
    decimals.resize(3, '0');
    return integer_of(value.substr(0, point)) * 1'000 + integer_of(decimals);
}

std::string shown(const ConfigKey& key, std::string_view value) {
    // URLs may carry a password.
    if (key.secret || key.type == ConfigType::url || value.size() > kShownBytesMax) {
        return "the value";
    }
    return "'" + std::string(value) + "'";
}

bool is_loopback(std::string_view host) {
    if (host == "localhost" || host == "::1" || host == "[::1]") return true;
    return host.starts_with("127.") && std::ranges::count(host, '.') == 3 &&
           std::ranges::all_of(host, [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
}

}  // namespace rag
