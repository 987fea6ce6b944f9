#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "domain/text_ports.hpp"

namespace rag {

/// The words that are searched for: the question's content words, or, if it holds nothing else,
/// its stop words.
std::vector<std::string> search_terms(const TermAnalyzer& analyzer, std::string_view query);

}  // namespace rag
