#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rag::text {

/// Index of a Snowball algorithm in the list of `snowball_names()`.
using Algorithm = std::uint8_t;

/// Scripts that a stemmer is written for; everything else is indexed unstemmed.
enum class Script : std::uint8_t {
    latin,
    cyrillic,
    greek,
    arabic,
    devanagari,
    tamil,
    armenian,
    other
};

std::optional<Algorithm> find_algorithm(std::string_view snowball_name);
std::string snowball_names();  // "arabic, armenian, ..."
Script script_of(Algorithm algorithm);
/// What stems a script unless the configuration names another; nullopt: nothing.
std::optional<Algorithm> default_algorithm(Script script);

/// The stem of a folded word, valid until this thread stems the next one.
std::string_view stem(Algorithm algorithm, std::string_view word);

}  // namespace rag::text
