#pragma once

#include <span>
#include <string>
#include <string_view>

#include "wire/message.hpp"

/// What a header says about who may ask and which media types go to and fro.
namespace rag::http {

/// Who sends a request, as far as its header says.
struct Sender {
    std::string host;
    std::string origin;  // "": no web page, or one of this server itself.
};

/// `allowed`: "name" or "name:*" (any port, or none), "name:8000" (that port alone), "*" (all).
bool is_allowed_host(std::string_view host, std::span<const std::string> allowed);

/// A request without `Origin` comes from no web page. One with it is let in if the origin is
/// listed ("https://name", "http://name:*"), its host is one of ours, or it is the page's own
/// server.
bool is_allowed_origin(
    std::string_view origin,
    std::string_view host,
    std::span<const std::string> allowed_origins,
    std::span<const std::string> allowed_hosts
);

/// `type`: "application/json". Parameters are ignored but a charset, which must be UTF-8.
bool has_content_type(std::string_view content_type, std::string_view type);

/// All values of a header, joined by ", ".
std::string joined_header(const wire::Request& request, std::string_view name);

}  // namespace rag::http
