#pragma once

#include <string>
#include <string_view>

/// Files of web/ that are served as they are.
namespace rag::http {

/// One row of the table of assets. Its route is a row of the route table (`Handlers::asset`).
struct Asset {
    std::string_view path;
    std::string_view content_type;
    std::string_view security_policy;  // Content-Security-Policy; "": none.
    std::string_view (*content)();
};

/// nullptr: there is none at that path.
const Asset* find_asset(std::string_view path);

/// Names the content, quotes included; another content has another one.
std::string_view entity_tag(const Asset& asset);

/// Whether `If-None-Match` (all of them, joined) names that tag, or is "*".
bool names_tag(std::string_view if_none_match, std::string_view tag);

}  // namespace rag::http
