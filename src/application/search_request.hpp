#pragma once

#include <string_view>
#include <vector>

#include "application/search_conversations.hpp"
#include "cursor.hpp"

namespace rag {

/// `invalid_argument` with the field's pointer, for what no search takes.
Result<void> validate(const SearchRequest& request);

/// Everything but the cursor itself.
ParameterDigest digest_of(const SearchRequest& request);

/// The words that are searched for: the question's content words, or, if it holds nothing else,
/// its stop words.
std::vector<std::string> search_terms(const TermAnalyzer& analyzer, std::string_view query);

}  // namespace rag
