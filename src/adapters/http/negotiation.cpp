#include "negotiation.hpp"

#include <algorithm>

#include "wire/headers.hpp"

namespace rag::http {

namespace {

std::string_view without_port(std::string_view host) {
    const std::size_t bracket = host.find(']');
    const std::size_t colon = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
    return host.substr(0, colon);
}

bool contains(std::span<const std::string> list, std::string_view wanted) {
    return std::any_of(list.begin(), list.end(), [wanted](const std::string& entry) {
        return wire::equals_ignoring_case(entry, wanted);
    });
}

bool names_host(std::string_view entry, std::string_view host) {
    constexpr std::string_view kAnyPort = ":*";
    if (entry.ends_with(kAnyPort)) entry.remove_suffix(kAnyPort.size());
    return wire::equals_ignoring_case(entry, without_port(host)) ||
           wire::equals_ignoring_case(entry, host);
}

bool contains_host(std::span<const std::string> list, std::string_view host) {
    return std::any_of(list.begin(), list.end(), [host](const std::string& entry) {
        return names_host(entry, host);
    });
}

/// "http://" of "http://localhost:3000"; "": it is no origin of the web.
std::string_view scheme_of(std::string_view origin) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (origin.starts_with(scheme)) return scheme;
    }
    return {};
}

/// Whether the list names that origin with any port.
bool contains_any_port(std::span<const std::string> list, std::string_view origin) {
    const std::string_view scheme = scheme_of(origin);
    if (scheme.empty()) return false;
    std::string any_port(scheme);
    any_port += without_port(origin.substr(scheme.size()));
    return contains(list, any_port + ":*");
}

}  // namespace

bool is_allowed_host(std::string_view host, std::span<const std::string> allowed) {
    return contains(allowed, "*") || contains_host(allowed, host);
}

bool is_allowed_origin(
    std::string_view origin,
    std::string_view host,
    std::span<const std::string> allowed_origins,
    std::span<const std::string> allowed_hosts
) {
    if (origin.empty() || contains(allowed_origins, origin) || contains(allowed_origins, "*") ||
        contains_any_port(allowed_origins, origin)) {
        return true;
    }
    const std::string_view scheme = scheme_of(origin);
    if (scheme.empty()) return false;
    const std::string_view authority = origin.substr(scheme.size());
    return wire::equals_ignoring_case(authority, host) || contains_host(allowed_hosts, authority);
}

bool has_content_type(std::string_view content_type, std::string_view type) {
    if (!wire::equals_ignoring_case(wire::next_part(content_type, ';'), type)) return false;
    while (!content_type.empty()) {
        std::string_view parameter = wire::next_part(content_type, ';');
        const std::string_view name = wire::next_part(parameter, '=');
        std::string_view value = parameter;
        if (value.size() >= 2 && value.starts_with('"') && value.ends_with('"')) {
            value = value.substr(1, value.size() - 2);
        }
        if (wire::equals_ignoring_case(name, "charset") &&
            !wire::equals_ignoring_case(value, "utf-8")) {
            return false;
        }
    }
    return true;
}

std::string joined_header(const wire::Request& request, std::string_view name) {
    std::string joined;
    for (const wire::Header& header : request.headers) {
        if (!wire::equals_ignoring_case(header.name, name)) continue;
        if (!joined.empty()) joined += ", ";
        joined += header.value;
    }
    return joined;
}

}  // namespace rag::http
