#include "framing_gate.hpp"

#include <algorithm>
#include <charconv>

#include "encoding/url.hpp"
#include "encoding/utf8.hpp"
#include "wire/headers.hpp"

namespace rag::http {

namespace {

tl::unexpected<Rejection> malformed(std::string detail) {
    return tl::unexpected<Rejection>(Rejection{400, "malformed_request", std::move(detail)});
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

bool is_above_ascii(char c) { return static_cast<unsigned char>(c) >= 0x80; }

bool is_token_character(char c) {
    constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
    return is_digit(c) || is_letter(c) || kMarks.find(c) != std::string_view::npos;
}

/// RFC 9110 §5.5: visible characters, space, tab, and bytes above ASCII.
bool is_value_character(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == '\t' || (byte >= 0x20 && byte != 0x7F);
}

/// RFC 3986 paths. In a query also what browsers leave as it is (the URL standard's query set);
/// anything else has to be percent-encoded. Of bytes above ASCII see `encode_query`.
bool is_target_character(char c, bool in_query) {
    constexpr std::string_view kMarks = "-._~!$&'()*+,;=:@/%";
    constexpr std::string_view kOfQueries = "?[]{}|^`\\";
    return is_digit(c) || is_letter(c) || kMarks.find(c) != std::string_view::npos ||
           (in_query && (is_above_ascii(c) || kOfQueries.find(c) != std::string_view::npos));
}

bool is_origin_form(std::string_view target) {
    if (!target.starts_with('/')) return false;
    bool in_query = false;
    for (std::size_t i = 0; i < target.size(); ++i) {
        if (target[i] == '?' && !in_query) {
            in_query = true;
            continue;
        }
        if (!is_target_character(target[i], in_query)) return false;
        const bool escape = target[i] == '%' && !in_query;  // A query's escapes: see parse.
        if (escape && !(i + 2 < target.size() && is_hex(target[i + 1]) && is_hex(target[i + 2]))) {
            return false;
        }
    }
    return true;
}

/// Sets the target from the request line; of an absolute one the authority is left in `authority`.
bool set_target(std::string_view sent, Head& head, std::string& authority) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        const std::string_view start = sent.substr(0, scheme.size());
        if (!wire::equals_ignoring_case(start, scheme)) continue;
        const std::string_view rest = sent.substr(scheme.size());
        const std::size_t end = std::min(rest.find_first_of("/?"), rest.size());
        authority = rest.substr(0, end);
        head.target = rest.substr(end);
        if (!head.target.starts_with('/')) head.target.insert(0, "/");
        return is_valid_host(authority) && is_origin_form(head.target);
    }
    head.target = sent;
    return is_origin_form(sent);
}

/// Raw UTF-8 in a query means what its escapes mean; from here on it stands as those.
Framed<void> encode_query(std::string& target) {
    if (std::none_of(target.begin(), target.end(), is_above_ascii)) return {};
    std::string encoded;
    std::string_view rest = target;
    while (!rest.empty()) {
        const std::size_t size = encoding::utf8_sequence(rest);
        if (size == 0) {
            const std::string place = std::to_string(target.size() - rest.size());
            return malformed("the query string is not UTF-8 at byte " + place + " of the target");
        }
        const std::string_view character = rest.substr(0, size);
        encoded += size > 1 ? encoding::percent_encode(character) : std::string(character);
        rest.remove_prefix(size);
    }
    target = std::move(encoded);
    return {};
}

Framed<void> parse_request_line(std::string_view line, Head& head, std::string& authority) {
    const std::size_t first = line.find(' ');
    const std::size_t last = line.rfind(' ');
    if (first == std::string_view::npos || first == last) {
        return malformed("the request line is not METHOD TARGET VERSION");
    }
    head.method = line.substr(0, first);
    const std::string_view target = line.substr(first + 1, last - first - 1);
    const std::string_view version = line.substr(last + 1);

    if (!is_token(head.method)) return malformed("the method is not a token");
    const bool named = version.size() == 8 && version.starts_with("HTTP/") &&
                       is_digit(version[5]) && version[6] == '.' && is_digit(version[7]);
    if (!named) return malformed("the version is not HTTP/1.1");
    if (version != "HTTP/1.1" && version != "HTTP/1.0") {
        return tl::unexpected<Rejection>(Rejection{
            505, "version_not_supported", "this server speaks HTTP/1.1"});
    }
    head.minor_version = version.back() - '0';
    if (!set_target(target, head, authority)) {
        return malformed("the target is not a valid path or absolute URL, percent-encoded");
    }
    return encode_query(head.target);
}

/// Calls `use` for each element of a comma-separated list, over all headers of that name.
template <class Use>
void for_each_element(const Head& head, std::string_view name, Use use) {
    for (const wire::Header& header : head.headers) {
        if (!wire::equals_ignoring_case(header.name, name)) continue;
        std::string_view rest = header.value;
        while (!rest.empty()) {
            const std::size_t end = std::min(rest.find(','), rest.size());
            use(wire::trim(rest.substr(0, end)));
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
    }
}

std::vector<std::string_view> values_of(const Head& head, std::string_view name) {
    std::vector<std::string_view> values;
    for (const wire::Header& header : head.headers) {
        if (wire::equals_ignoring_case(header.name, name)) values.push_back(header.value);
    }
    return values;
}

Framed<void> check_host(const Head& head, std::string_view authority) {
    const std::vector<std::string_view> hosts = values_of(head, "Host");
    // Load balancers ask so for probes. Which routes want one is the doorkeeper's to know.
    if (hosts.empty() && head.minor_version == 0 && authority.empty()) return {};
    if (hosts.size() != 1) return malformed("there must be exactly one Host");
    if (!is_valid_host(hosts.front())) return malformed("Host is not a valid host");
    if (!authority.empty() && !wire::equals_ignoring_case(authority, hosts.front())) {
        return malformed("Host and the target name different hosts");
    }
    return {};
}

Framed<void> set_length(std::string_view text, Head& head) {
    if (text.empty() || !std::all_of(text.begin(), text.end(), is_digit)) {
        return malformed("Content-Length is not a number");
    }
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), head.length);
    if (parsed.ec != std::errc{}) {
        return tl::unexpected<Rejection>(Rejection{
            413, "too_large", "the body is larger than any limit"});
    }
    head.body = Head::Body::length;
    return {};
}

Framed<void> check_body(Head& head) {
    const std::vector<std::string_view> lengths = values_of(head, "Content-Length");
    const std::vector<std::string_view> codings = values_of(head, "Transfer-Encoding");
    if (!codings.empty()) {
        if (!lengths.empty()) {
            return malformed("Content-Length and Transfer-Encoding must not come together");
        }
        if (head.minor_version == 0) return malformed("HTTP/1.0 has no Transfer-Encoding");
        if (codings.size() > 1) return malformed("there must be one Transfer-Encoding");
        if (!wire::equals_ignoring_case(codings.front(), "chunked")) {
            return tl::unexpected<Rejection>(Rejection{
                501, "coding_not_implemented", "the only transfer coding known here is chunked"});
        }
        head.body = Head::Body::chunked;
        return {};
    }
    // Twice the same would be harmless, but somebody in between may have read only one of them.
    if (lengths.size() > 1) return malformed("there must be one Content-Length");
    return lengths.empty() ? Framed<void>() : set_length(lengths.front(), head);
}

Framed<void> check_connection(Head& head) {
    head.keep_alive = head.minor_version == 1;
    for_each_element(head, "Connection", [&head](std::string_view option) {
        if (wire::equals_ignoring_case(option, "close")) head.keep_alive = false;
    });
    const std::vector<std::string_view> expectations = values_of(head, "Expect");
    if (expectations.empty()) return {};
    if (expectations.size() > 1 ||
        !wire::equals_ignoring_case(expectations.front(), "100-continue")) {
        return tl::unexpected<Rejection>(Rejection{
            417, "expectation_failed", "the only expectation known here is 100-continue"});
    }
    head.expects_continue = head.minor_version == 1 && head.body != Head::Body::none;
    return {};
}

}  // namespace

std::string_view Head::header(std::string_view name) const {
    for (const wire::Header& candidate : headers) {
        if (wire::equals_ignoring_case(candidate.name, name)) return candidate.value;
    }
    return {};
}

Sender sender_of(std::string_view bytes) {
    Sender sender;
    std::size_t line_end = bytes.find("\r\n");
    while (line_end != std::string_view::npos) {
        bytes.remove_prefix(line_end + 2);
        line_end = bytes.find("\r\n");
        // What follows an empty line is a body; a line without an end may go on.
        if (line_end == 0 || line_end == std::string_view::npos) break;
        std::vector<wire::Header> read;
        if (!parse_header_line(bytes.substr(0, line_end), read)) continue;
        const bool host = wire::equals_ignoring_case(read.front().name, "Host");
        const bool origin = wire::equals_ignoring_case(read.front().name, "Origin");
        if (!host && !origin) continue;
        std::string& known = host ? sender.host : sender.origin;
        known += (known.empty() ? "" : ", ") + read.front().value;
    }
    return sender;
}

bool is_token(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_token_character);
}

bool is_valid_host(std::string_view text) {
    std::string_view port;
    if (text.starts_with('[')) {
        const std::size_t end = text.find(']');
        if (end == std::string_view::npos || end < 3) return false;
        const std::string_view address = text.substr(1, end - 1);
        const bool plausible = std::all_of(address.begin(), address.end(), [](char c) {
            return is_hex(c) || c == ':' || c == '.';
        });
        port = text.substr(end + 1);
        if (!plausible || (!port.empty() && !port.starts_with(':'))) return false;
    } else {
        // A comma is left out: a proxy that joins two Hosts would write one.
        static constexpr std::string_view kMarks = "-._~!$&'()*+;=%";
        const std::size_t end = std::min(text.find(':'), text.size());
        const std::string_view name = text.substr(0, end);
        const bool plausible = std::all_of(name.begin(), name.end(), [](char c) {
            return is_digit(c) || is_letter(c) || kMarks.find(c) != std::string_view::npos;
        });
        port = text.substr(end);
        if (name.empty() || !plausible) return false;
    }
    if (!port.empty()) port.remove_prefix(1);
    return port.size() <= 5 && std::all_of(port.begin(), port.end(), is_digit);
}

Framed<void> parse_header_line(std::string_view line, std::vector<wire::Header>& headers) {
    if (line.starts_with(' ') || line.starts_with('\t')) {
        return malformed("header lines must not be folded");
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return malformed("a header line has no colon");
    const std::string_view name = line.substr(0, colon);
    if (!is_token(name)) return malformed("a header name is not a token");
    const std::string_view value = wire::trim(line.substr(colon + 1));
    if (!std::all_of(value.begin(), value.end(), is_value_character)) {
        return malformed("a header value holds a control character");
    }
    headers.push_back(wire::Header{std::string(name), std::string(value)});
    return {};
}

Framed<std::optional<std::size_t>> HeadScanner::scan(std::string_view bytes) {
    for (; scanned_ < bytes.size(); ++scanned_) {
        const char c = bytes[scanned_];
        const char before = scanned_ > 0 ? bytes[scanned_ - 1] : '\0';
        if (before == '\r' && c != '\n') return malformed("a carriage return stands alone");
        if (c == '\n') {
            if (before != '\r') return malformed("a line feed stands alone");
            const bool empty_line = scanned_ == line_begin_ + 1;
            if (empty_line) return std::optional<std::size_t>(scanned_ + 1);
            if (first_line_end_ == 0) first_line_end_ = scanned_;
            line_begin_ = scanned_ + 1;
        } else if (c != '\r' && !is_value_character(c)) {
            return malformed("the header holds a control character");
        }
        if (first_line_end_ == 0 && scanned_ >= limits_.target_bytes_max) {
            std::string detail = "the request line is longer than " +
                                 std::to_string(limits_.target_bytes_max) + " bytes";
            if (bytes.starts_with("GET /search?")) detail += "; use POST /search";
            return tl::unexpected<Rejection>(Rejection{414, "uri_too_long", std::move(detail)});
        }
        if (scanned_ >= limits_.header_bytes_max) {
            return tl::unexpected<Rejection>(Rejection{
                431, "header_too_large", "the header is too large"});
        }
    }
    return std::optional<std::size_t>();
}

Framed<Head> parse_head(std::string_view block) {
    Head head;
    std::string authority;
    bool first = true;
    while (!block.empty()) {
        const std::size_t end = block.find("\r\n");
        if (end == std::string_view::npos) return malformed("a line has no end");
        const std::string_view line = block.substr(0, end);
        block.remove_prefix(end + 2);
        if (line.empty()) break;
        Framed<void> parsed = first ? parse_request_line(line, head, authority)
                                    : parse_header_line(line, head.headers);
        if (!parsed) return tl::unexpected(std::move(parsed.error()));
        first = false;
    }
    if (first) return malformed("there is no request line");
    for (const Framed<void>& checked :
         {check_host(head, authority), check_body(head), check_connection(head)}) {
        if (!checked) return tl::unexpected(checked.error());
    }
    return head;
}

}  // namespace rag::http
