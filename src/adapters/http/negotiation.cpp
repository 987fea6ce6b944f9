#include "negotiation.hpp"

#include <algorithm>

#include "framing_gate.hpp"

namespace rag::http {

namespace {

/// Cuts off the part before the next `separator`.
std::string_view next_part(std::string_view& rest, char separator) {
    const std::size_t end = std::min(rest.find(separator), rest.size());
    const std::string_view part = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return trim(part);
}

std::string_view without_port(std::string_view host) {
    const std::size_t bracket = host.find(']');
    const std::size_t colon = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
    return host.substr(0, colon);
}

bool contains(std::span<const std::string> list, std::string_view wanted) {
    return std::any_of(list.begin(), list.end(), [wanted](const std::string& entry) {
        return equals_ignoring_case(entry, wanted);
    });
}

bool is_refused_weight(std::string_view parameter) {
    if (!parameter.starts_with("q=") && !parameter.starts_with("Q=")) return false;
    const std::string_view weight = trim(parameter.substr(2));
    return weight.starts_with('0') && weight.find_first_not_of("0.") == std::string_view::npos;
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
        if (equals_ignoring_case(authority, host)) return true;
        return contains(allowed_hosts, without_port(authority));
    }
    return false;
}

bool has_content_type(std::string_view content_type, std::string_view type) {
    if (!equals_ignoring_case(next_part(content_type, ';'), type)) return false;
    while (!content_type.empty()) {
        std::string_view parameter = next_part(content_type, ';');
        const std::string_view name = next_part(parameter, '=');
        std::string_view value = parameter;
        if (value.size() >= 2 && value.starts_with('"') && value.ends_with('"')) {
            value = value.substr(1, value.size() - 2);
        }
        if (equals_ignoring_case(name, "charset") && !equals_ignoring_case(value, "utf-8")) {
            return false;
        }
    }
    return true;
}

bool accepts(std::string_view accept, std::string_view type) {
    if (trim(accept).empty()) return true;
    const std::string_view family = type.substr(0, type.find('/'));
    // The most precise range that fits decides.
    int best = -1;
    bool taken = false;
    while (!accept.empty()) {
        std::string_view element = next_part(accept, ',');
        const std::string_view range = next_part(element, ';');
        int precision = -1;
        if (range == "*/*" || range == "*") precision = 0;
        if (range.ends_with("/*") &&
            equals_ignoring_case(range.substr(0, range.size() - 2), family)) {
            precision = 1;
        }
        if (equals_ignoring_case(range, type)) precision = 2;
        if (precision <= best) continue;
        best = precision;
        taken = true;
        while (!element.empty()) {
            if (is_refused_weight(next_part(element, ';'))) taken = false;
        }
    }
    return taken;
}

std::string joined_header(const wire::Request& request, std::string_view name) {
    std::string joined;
    for (const wire::Header& header : request.headers) {
        if (!equals_ignoring_case(header.name, name)) continue;
        if (!joined.empty()) joined += ", ";
        joined += header.value;
    }
    return joined;
}

}  // namespace rag::http
