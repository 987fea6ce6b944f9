#pragma once

#include <string>
#include <string_view>

namespace rag::http {

/// The trace id of a W3C `traceparent` header, or a new one if that is none.
std::string trace_id_from(std::string_view traceparent);

}  // namespace rag::http
