#pragma once

#include <memory>
#include <string_view>

#include "domain/error.hpp"
#include "domain/text_ports.hpp"

namespace rag::text {

/// Makes terms: folds case, width and (in Latin script) accents, stems with Snowball, cuts Chinese,
/// Japanese and Korean into pairs of characters. `language`: "auto" (a stemmer for each script,
/// English for Latin) or a Snowball name ("german"), which then stems the script it is written in.
/// `invalid_argument`: no such language; the message names those there are.
Result<std::unique_ptr<TermAnalyzer>> make_analyzer(std::string_view language);

}  // namespace rag::text
