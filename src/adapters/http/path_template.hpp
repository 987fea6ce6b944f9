#pragma once

#include <string_view>
#include <vector>

/// Templates of paths: "/conversations/{id}/messages", "/static/{path...}". A place stands for one
/// segment that is not empty, or, with dots and at the end, for all that follow.
namespace rag::http {

/// The path as routes know it: a slash at its end says nothing. "/" stays.
std::string_view without_end_slash(std::string_view path);

bool fits(std::string_view pattern, std::string_view path);

/// Whether the first of two templates that fit the same path spells out more of it, by the first
/// segment in which they differ in kind.
bool is_more_exact(std::string_view pattern, std::string_view other);

/// The names of the places, in order.
std::vector<std::string_view> place_names(std::string_view pattern);

struct PlaceInPath {
    std::string_view name;
    std::string_view text;  // As it stands in the path.
};
/// What stands for each place, in order, of a path that fits.
std::vector<PlaceInPath> places(std::string_view pattern, std::string_view path);

}  // namespace rag::http
