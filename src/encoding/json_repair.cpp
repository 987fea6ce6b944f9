#include "json_repair.hpp"

#include <optional>

#include "encoding/utf8.hpp"

namespace rag::encoding {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr std::size_t kEscapeBytes = 6;                    // Of "\u0000".

/// The code unit that an escape of four hexadecimal digits at the start of `text` names.
std::optional<unsigned> escaped_unit(std::string_view text) {
    if (text.size() < kEscapeBytes || text[0] != '\\' || text[1] != 'u') return std::nullopt;
    unsigned unit = 0;
    for (const char c : text.substr(2, 4)) {
        unit *= 16;
        if (c >= '0' && c <= '9') {
            unit += static_cast<unsigned>(c - '0');
        } else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') {
            unit += static_cast<unsigned>((c | 0x20) - 'a') + 10;
        } else {
            return std::nullopt;
        }
    }
    return unit;
}

bool is_high(unsigned unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
bool is_low(unsigned unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }

class Repair {
public:
    explicit Repair(std::string_view json) : rest_(json) { repaired_.text.reserve(json.size()); }

    RepairedText run() {
        while (!rest_.empty()) {
            if (!in_string_) {
                in_string_ = rest_[0] == '"';
                keep(1);
            } else {
                one_of_string();
            }
        }
        return std::move(repaired_);
    }

private:
    void one_of_string() {
        if (rest_[0] == '"') {
            in_string_ = false;
            return keep(1);
        }
        if (rest_[0] == '\0') return replace(1);
        if (rest_[0] == '\\') return escape();
        const std::size_t length = utf8_sequence(rest_);
        if (length != 0) return keep(length);
        // What encodes a surrogate is one character, though no valid one.
        const bool surrogate = rest_.size() >= 3 && rest_[0] == '\xED' &&
                               continues_utf8(rest_[1]) && continues_utf8(rest_[2]);
        replace(surrogate ? 3 : 1);
    }

    void escape() {
        const std::optional<unsigned> unit = escaped_unit(rest_);
        if (!unit) return keep(rest_.size() > 1 ? 2 : 1);
        if (is_high(*unit)) {
            const std::optional<unsigned> next = escaped_unit(rest_.substr(kEscapeBytes));
            if (next && is_low(*next)) return keep(2 * kEscapeBytes);
        }
        if (*unit == 0 || is_high(*unit) || is_low(*unit)) return replace(kEscapeBytes);
        keep(kEscapeBytes);
    }

    void keep(std::size_t bytes) {
        repaired_.text += rest_.substr(0, bytes);
        rest_.remove_prefix(bytes);
    }

    void replace(std::size_t bytes) {
        repaired_.places.push_back(repaired_.text.size());
        repaired_.text += kReplacement;
        rest_.remove_prefix(bytes);
    }

    std::string_view rest_;
    bool in_string_ = false;
    RepairedText repaired_;
};

}  // namespace

RepairedText repair_strings(std::string_view json) { return Repair(json).run(); }

std::size_t find_invalid_utf8(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t length = utf8_sequence(text.substr(at));
        if (length == 0) return at;
        at += length;
    }
    return std::string_view::npos;
}

}  // namespace rag::encoding
