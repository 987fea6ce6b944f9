#include "path_template.hpp"

#include <algorithm>
#include <cstdint>

namespace rag::http {

namespace {

enum class SegmentKind : std::uint8_t { rest, place, text };  // From the least exact on.

struct Segment {
    SegmentKind kind = SegmentKind::text;
    std::string_view text;  // Of a place its name.
};

/// Cuts off what stands before the next "/", which goes as well. `text` begins with a "/".
std::string_view cut_segment(std::string_view& text) {
    text.remove_prefix(1);
    const std::size_t end = std::min(text.find('/'), text.size());
    const std::string_view segment = text.substr(0, end);
    text.remove_prefix(end);
    return segment;
}

Segment next_segment(std::string_view& pattern) {
    std::string_view text = cut_segment(pattern);
    if (!text.starts_with('{')) return {SegmentKind::text, text};
    text = text.substr(1, text.size() - 2);
    if (!text.ends_with("...")) return {SegmentKind::place, text};
    text.remove_suffix(3);
    return {SegmentKind::rest, text};
}

/// Walks a template and a path side by side; false: the path does not fit. `visit` sees each
/// place. Without a place this is one comparison.
template <class Visit>
bool walk(std::string_view pattern, std::string_view path, Visit visit) {
    const std::size_t place = pattern.find('{');
    if (place == std::string_view::npos) return pattern == path;
    // "/conversations" of "/conversations/{id}".
    if (!path.starts_with(pattern.substr(0, place))) return false;
    pattern.remove_prefix(place - 1);
    path.remove_prefix(place - 1);
    while (!pattern.empty()) {
        if (path.empty()) return false;
        const Segment segment = next_segment(pattern);
        if (segment.kind == SegmentKind::rest) {
            visit(segment.text, path.substr(1));
            return path.size() > 1;
        }
        const std::string_view text = cut_segment(path);
        if (segment.kind == SegmentKind::text && segment.text != text) return false;
        if (segment.kind == SegmentKind::place && text.empty()) return false;
        if (segment.kind == SegmentKind::place) visit(segment.text, text);
    }
    return path.empty();
}

}  // namespace

std::string_view without_end_slash(std::string_view path) {
    if (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
    return path;
}

bool fits(std::string_view pattern, std::string_view path) {
    return walk(pattern, path, [](std::string_view, std::string_view) {});
}

bool is_more_exact(std::string_view pattern, std::string_view other) {
    while (!pattern.empty() && !other.empty()) {
        const SegmentKind kind = next_segment(pattern).kind;
        const SegmentKind other_kind = next_segment(other).kind;
        if (kind != other_kind) return kind > other_kind;
    }
    return false;
}

std::vector<std::string_view> place_names(std::string_view pattern) {
    std::vector<std::string_view> names;
    while (!pattern.empty()) {
        const Segment segment = next_segment(pattern);
        if (segment.kind != SegmentKind::text) names.push_back(segment.text);
    }
    return names;
}

std::vector<PlaceInPath> places(std::string_view pattern, std::string_view path) {
    std::vector<PlaceInPath> found;
    walk(pattern, path, [&found](std::string_view name, std::string_view text) {
        found.push_back(PlaceInPath{name, text});
    });
    return found;
}

}  // namespace rag::http
