#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "domain/error.hpp"
#include "encoding/json.hpp"

namespace rag::mcp {

/// A page of a use case may be too long for one result; then it is shown in parts. A cursor names
/// the page by the use case's own cursor, and how many of its rows were shown already.
struct PagePlace {
    std::optional<std::string> page;  // nullopt: the first.
    std::size_t shown = 0;
};

/// The place that the argument `cursor` names; the beginning, if there is none. `invalid_argument`:
/// it is none of ours, or was made for other arguments.
Result<PagePlace> read_page_cursor(const encoding::Value& arguments);
std::string make_page_cursor(const encoding::Value& arguments, const PagePlace& place);

/// Where the next part begins; nullopt: nowhere. `rows`: in this page; `shown`: of them so far.
std::optional<std::string> next_page_cursor(
    const encoding::Value& arguments,
    const PagePlace& place,
    std::size_t shown,
    std::size_t rows,
    const std::optional<std::string>& next_page
);

}  // namespace rag::mcp
