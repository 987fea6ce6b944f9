#include "encoding/json_text.hpp"

#include <charconv>
#include <cmath>

#include "encoding/utf8.hpp"

namespace rag::encoding {

namespace {

template <class Real>
void append_real(std::string& out, Real value) {
    // JSON has no infinity; a score or a time that is none is a fault shown as null, not bad JSON.
    if (!std::isfinite(value)) {
        out += "null";
        return;
    }
    const double size = std::fabs(static_cast<double>(value));
    const bool readable = size == 0 || (size >= 1e-7 && size < 1e15);
    char digits[64];
    const auto end =
        readable ? std::to_chars(digits, digits + sizeof digits, value, std::chars_format::fixed)
                 : std::to_chars(digits, digits + sizeof digits, value);
    out.append(digits, end.ptr);
}

}  // namespace

void append_quoted(std::string& out, std::string_view text) {
    constexpr std::string_view kHex = "0123456789abcdef";
    out += '"';
    std::size_t clean = 0;  // Start of the run that needs no escape.
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c >= 0x20 && c != '"' && c != '\\') continue;
        out.append(text, clean, i - clean);
        clean = i + 1;
        switch (c) {
            case '"':
                out += "\\\"";
                break;
            case '\\':
                out += "\\\\";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\r':
                out += "\\r";
                break;
            case '\t':
                out += "\\t";
                break;
            case '\b':
                out += "\\b";
                break;
            case '\f':
                out += "\\f";
                break;
            default:
                out += "\\u00";
                out += kHex[c >> 4U];
                out += kHex[c & 15U];
        }
    }
    out.append(text, clean, text.size() - clean);
    out += '"';
}

void append_json_string(std::string& out, std::string_view text) {
    if (is_valid_utf8(text)) return append_quoted(out, text);
    std::string valid;
    while (!text.empty()) {
        const std::size_t length = utf8_sequence(text);
        valid += length == 0 ? "\xEF\xBF\xBD" : text.substr(0, length);
        text.remove_prefix(length == 0 ? 1 : length);
    }
    append_quoted(out, valid);
}

void append_json_number(std::string& out, double value) { append_real(out, value); }

void append_json_number(std::string& out, float value) { append_real(out, value); }

}  // namespace rag::encoding
