#pragma once

#include <array>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config_value.hpp"
#include "infrastructure/config.hpp"
#include "infrastructure/config_table.hpp"

/// How the rows of the configuration table fill the members that they name.
namespace rag {

void read_value(const ConfigText& value, std::string& out);
void read_value(const ConfigText& value, bool& out);
void read_value(const ConfigText& value, std::chrono::milliseconds& out);
void read_value(const ConfigText& value, std::filesystem::path& out);
void read_value(const ConfigText& value, std::vector<std::string>& out);

template <std::unsigned_integral Number>
void read_value(const ConfigText& value, Number& out) {
    out = static_cast<Number>(integer_of(value.text));  // The row's range fits the member.
}

/// An empty value is an absent one.
template <class T>
void read_value(const ConfigText& value, std::optional<T>& out) {
    out.reset();
    if (!value.text.empty()) read_value(value, out.emplace());
}

namespace detail {

template <auto kNumber>
consteval auto decimal_digits() {
    constexpr std::size_t kDigits = [] {
        std::size_t count = 1;
        for (auto rest = kNumber; rest >= 10; rest /= 10) ++count;
        return count;
    }();
    std::array<char, kDigits> digits{};
    auto rest = kNumber;
    for (std::size_t at = kDigits; at-- > 0; rest /= 10) {
        digits[at] = static_cast<char>('0' + rest % 10);
    }
    return digits;
}

template <auto kNumber>
inline constexpr auto kDigits = decimal_digits<kNumber>();

}  // namespace detail

/// For a row's `fallback`: a limit that the code has too, so that it stands once.
template <std::size_t kNumber>
inline constexpr std::string_view decimal{
    detail::kDigits<kNumber>.data(), detail::kDigits<kNumber>.size()};

/// For a row's `fills`: `member<&Config::server, &ServerConfig::port>`.
template <auto kGroup, auto kMember>
void member(Config& config, const ConfigText& value) {
    read_value(value, config.*kGroup.*kMember);
}

/// The level, and whether somebody set it.
void fill_log_level(Config& config, const ConfigText& value);
/// 0 is one a core.
void fill_workers(Config& config, const ConfigText& value);

}  // namespace rag
