#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rag::http {

struct OpenApiFacts {
    std::string_view title;
    std::string_view version;
    std::size_t search_top_k;  // Of a search that does not say.
};

/// The OpenAPI 3.1 description of the route table.
std::string openapi_document(const OpenApiFacts& facts);

}  // namespace rag::http
