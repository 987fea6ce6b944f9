#include "canonical.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "encoding/json_text.hpp"

namespace rag::encoding {

namespace {

struct Decimal {
    bool negative = false;
    std::string digits;         // All of them, the point taken out.
    std::int64_t exponent = 0;  // Of the last digit.
    bool exponent_fits = true;
};

Decimal split_number(std::string_view spelled) {
    Decimal number;
    if (spelled.starts_with('-')) {
        number.negative = true;
        spelled.remove_prefix(1);
    }
    const std::size_t e = spelled.find_first_of("eE");
    std::string_view mantissa = spelled.substr(0, e);
    if (e != std::string_view::npos) {
        std::string_view power = spelled.substr(e + 1);
        if (power.starts_with('+')) power.remove_prefix(1);
        const auto [end, error] =
            std::from_chars(power.data(), power.data() + power.size(), number.exponent);
        constexpr std::int64_t kExponentMax = std::int64_t{1} << 40;
        number.exponent_fits = error == std::errc{} && end == power.data() + power.size() &&
                               number.exponent < kExponentMax && number.exponent > -kExponentMax;
    }
    for (std::size_t i = 0; i < mantissa.size(); ++i) {
        if (mantissa[i] == '.') {
            number.exponent -= static_cast<std::int64_t>(mantissa.size() - i - 1);
        } else {
            number.digits += mantissa[i];
        }
    }
    return number;
}

}  // namespace

std::string canonical_number(std::string_view spelled) {
    Decimal number = split_number(spelled);
    const std::size_t first = number.digits.find_first_not_of('0');
    if (first == std::string::npos) return "0";
    // An exponent of twenty digits is kept as it is: equal spelling is the best that can be said.
    if (!number.exponent_fits) return std::string(spelled);

    const std::size_t last = number.digits.find_last_not_of('0');
    number.exponent += static_cast<std::int64_t>(number.digits.size() - last - 1);
    std::string out = number.negative ? "-" : "";
    out.append(number.digits, first, last - first + 1);
    if (number.exponent != 0) out += "e" + std::to_string(number.exponent);
    return out;
}

void Canonicalizer::scalar(std::string text) {
    if (frames_.empty()) {
        done_ = std::move(text);
        return;
    }
    Frame& frame = frames_.back();
    if (frame.object) {
        frame.members.emplace_back(std::move(frame.key), std::move(text));
    } else {
        if (!frame.items.empty()) frame.items += ',';
        frame.items += text;
    }
}

void Canonicalizer::begin(bool object) { frames_.push_back(Frame{object, {}, {}, {}}); }

void Canonicalizer::key(std::string name) { frames_.back().key = std::move(name); }

bool Canonicalizer::end() {
    Frame frame = std::move(frames_.back());
    frames_.pop_back();
    std::string text;
    if (frame.object) {
        std::sort(frame.members.begin(), frame.members.end());
        text += '{';
        for (std::size_t i = 0; i < frame.members.size(); ++i) {
            if (i > 0) {
                text += ',';
                if (frame.members[i].first == frame.members[i - 1].first) {
                    doubled_key_ = frame.members[i].first;
                    return false;
                }
            }
            append_quoted(text, frame.members[i].first);
            text += ':';
            text += frame.members[i].second;
        }
        text += '}';
    } else {
        text = "[" + frame.items + "]";
    }
    scalar(std::move(text));
    return true;
}

}  // namespace rag::encoding
