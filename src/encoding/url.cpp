#include "encoding/url.hpp"

#include <algorithm>

#include "encoding/hex.hpp"
#include "encoding/utf8.hpp"

namespace rag::encoding {

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+' && plus_is_space) {
            out += ' ';
        } else if (text[i] == '%') {
            if (i + 2 >= text.size()) return std::nullopt;
            const std::optional<unsigned> high = hex_value(text[i + 1]);
            const std::optional<unsigned> low = hex_value(text[i + 2]);
            if (!high || !low) return std::nullopt;
            out += static_cast<char>(*high * 16 + *low);
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

std::string percent_encode(std::string_view text) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    constexpr std::string_view kUnreserved =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    std::string out;
    for (const char c : text) {
        if (kUnreserved.find(c) != std::string_view::npos) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += kHex[byte >> 4U];
        out += kHex[byte & 15U];
    }
    return out;
}

Result<Value> parse_query_string(std::string_view query) {
    Object parameters;
    while (!query.empty()) {
        const std::size_t end = std::min(query.find('&'), query.size());
        const std::string_view pair = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        if (pair.empty()) continue;

        const std::size_t equals = std::min(pair.find('='), pair.size());
        const std::string_view value = pair.substr(std::min(equals + 1, pair.size()));
        std::optional<std::string> name = percent_decode(pair.substr(0, equals), true);
        std::optional<std::string> decoded = percent_decode(value, true);
        if (!name || !is_valid_utf8(*name) || name->find('\0') != std::string::npos) {
            return fail(ErrorCode::invalid_argument, "a parameter's name is not valid text");
        }
        const std::string pointer = child_pointer("", *name);
        if (!decoded || !is_valid_utf8(*decoded) || decoded->find('\0') != std::string::npos) {
            return fail(
                ErrorCode::invalid_argument, "must be percent-encoded UTF-8 without NUL", pointer
            );
        }
        for (const Member& other : parameters.members) {
            if (other.name != *name) continue;
            return fail(ErrorCode::invalid_argument, "this parameter is there twice", pointer);
        }
        parameters.members.push_back(Member{std::move(*name), Value(std::move(*decoded))});
    }
    return Value(std::move(parameters));
}

}  // namespace rag::encoding
