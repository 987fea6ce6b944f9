#include "response_head.hpp"

#include <array>
#include <charconv>
#include <ctime>

#include "framing_gate.hpp"
#include "wire/problem.hpp"

namespace rag::http {

namespace {

/// "Fri, 07 Nov 2025 14:30:45 GMT", made once a second. One thread a server, so one cache a thread.
const std::string& date_now() {
    thread_local std::time_t made_at = -1;
    thread_local std::string text;
    const std::time_t now = std::time(nullptr);
    if (now == made_at) return text;
    made_at = now;

    std::tm utc{};
    gmtime_r(&now, &utc);
    // Not by strftime's names, which follow the locale.
    constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array kMonths{
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::array<char, 32> rest{};
    const std::size_t size = std::strftime(rest.data(), rest.size(), "%Y %H:%M:%S GMT", &utc);
    const int day = utc.tm_mday;
    text = kDays[static_cast<std::size_t>(utc.tm_wday)];
    text += day < 10 ? ", 0" : ", ";
    text += std::to_string(day) + " " + kMonths[static_cast<std::size_t>(utc.tm_mon)] + " ";
    text.append(rest.data(), size);
    return text;
}

void add_line(std::string& out, std::string_view name, std::string_view value) {
    out += name;
    out += ": ";
    for (const char c : value) {
        // Handlers send no such thing; if one does, it does not become a header of its own.
        if (c != '\r' && c != '\n') out += c;
    }
    out += "\r\n";
}

}  // namespace

std::string response_head(const wire::Response& response, const ResponseFraming& framing) {
    std::string out = "HTTP/1.1 " + std::to_string(response.status) + " ";
    out += wire::status_title(response.status);
    out += "\r\n";
    add_line(out, "Date", date_now());
    for (const wire::Header& header : response.headers) add_line(out, header.name, header.value);
    add_line(out, "X-Content-Type-Options", "nosniff");
    if (response.header("Cache-Control").empty()) add_line(out, "Cache-Control", "no-store");
    const bool bodyless = response.status == 204 || response.status == 304;
    if (framing.body == ResponseFraming::Body::chunked) {
        add_line(out, "Transfer-Encoding", "chunked");
    } else if (framing.body == ResponseFraming::Body::length && !bodyless) {
        add_line(out, "Content-Length", std::to_string(framing.length));
    }
    if (framing.close) {
        add_line(out, "Connection", "close");
    } else if (framing.minor_version == 0) {
        add_line(out, "Connection", "keep-alive");
    }
    out += "\r\n";
    return out;
}

std::string chunk_of(std::string_view piece) {
    std::array<char, 16> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), piece.size(), 16);
    std::string out(digits.data(), end.ptr);
    out += "\r\n";
    out += piece;
    out += "\r\n";
    return out;
}

}  // namespace rag::http
