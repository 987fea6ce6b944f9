#pragma once

#include <string>

#include "encoding/json.hpp"

namespace rag::encoding {

/// The value in one spelling: keys sorted, no white space, one form of each number. Equal content,
/// equal text.
std::string canonical_json(const Value& value);

}  // namespace rag::encoding
