#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Names as people and models write them, beside those that are known.
namespace rag::wire {

/// "topK" as "top_k": camelCase is another spelling of the same name.
std::string snake_case(std::string_view name);

/// Whether whoever wrote `given` probably meant `known`: at most `letters_max` letters away for
/// names of seven letters and more, one for five and six. A shorter name is too like too many, and
/// the plural of a known one is a word of its own.
bool is_near_name(std::string_view given, std::string_view known, std::size_t letters_max = 2);

/// Whether one is the other with an "s" behind it.
bool is_plural_of(std::string_view plural, std::string_view singular);

}  // namespace rag::wire
