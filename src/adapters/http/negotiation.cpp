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

}  // namespace

bool is_allowed_host(std::string_view host, std::span<const std::string> allowed) {
    return contains(allowed, "*") || contains(allowed, without_port(host)) ||
           contains(allowed, host);
}

bool is_allowed_origin(
    std::string_view origin,
    std::string_view host,
    std::span<const std::string> allowed_origins,
    std::span<const std::string> allowed_hosts
) {
    if (origin.empty() || contains(allowed_origins, origin) || contains(allowed_origins, "*")) {
        return true;
    }
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (!origin.starts_with(scheme)) continue;
        const std::string_view authority = origin.substr(scheme.size());
        if (wire::equals_ignoring_case(authority, host)) return true;
        return contains(allowed_hosts, without_port(authority));
    }
    return false;
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
