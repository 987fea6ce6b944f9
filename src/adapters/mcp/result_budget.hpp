#pragma once

#include <cstddef>
#include <string_view>

#include "domain/limits.hpp"
#include "domain/text_ports.hpp"
#include "revision.hpp"

namespace rag::mcp {

/// What a tool's result may hold: its JSON text as a whole stays under the limit. Where the
/// revision knows `structuredContent`, everything stands there and, quoted, in the text block.
class ResultBudget {
public:
    static constexpr std::size_t kDefaultTokens = limits::kToolTokensDefault;

    ResultBudget(const TokenCounter& counter, Revision revision, std::size_t tokens_max);

    /// The same, for another limit.
    ResultBudget with_limit(std::size_t tokens_max) const;
    /// The same, with room kept for a member that comes besides what the tool says.
    ResultBudget without(std::string_view member) const;

    /// What is left for the tool's JSON object, its braces included.
    std::size_t available() const { return available_; }
    /// What a piece of the tool's JSON object costs. A piece so long that it cannot fit is not
    /// counted, it costs more than there is.
    std::size_t cost(std::string_view json) const;
    /// The same for an item of an array, with the comma after it.
    std::size_t row_cost(std::string_view json) const;

    /// Of a result whose text block is a text of its own, and is what is bounded.
    std::size_t text_available() const;
    std::size_t text_cost(std::string_view text) const;

private:
    void reserve(std::size_t tokens);

    const TokenCounter* counter_;
    Revision revision_;
    std::size_t tokens_max_;
    std::size_t reserved_ = 0;
    std::size_t available_;
};

/// The longest beginning of the text that `ResultBudget` has room for as a JSON string, roughly: at
/// least nine tenths of it. Cut between words where there are any, never within a character.
std::string_view prefix_that_fits(
    std::string_view text, const ResultBudget& budget, std::size_t tokens
);

}  // namespace rag::mcp
