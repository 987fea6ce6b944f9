#pragma once

#include <string_view>

/// Files of web/, compiled in (see CMakeLists.txt).
namespace rag::http {

std::string_view docs_page();
std::string_view openapi_schemas();

}  // namespace rag::http
