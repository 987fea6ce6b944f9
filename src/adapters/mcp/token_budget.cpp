#include "token_budget.hpp"

#include <algorithm>

#include "wire/json.hpp"

namespace rag::mcp {
namespace {

// Everything of a result but the tool's object: the content block, the modern extras.
constexpr std::size_t kEnvelopeTokens = 120;

// No text that people write has so long tokens; what is longer is not worth counting.
constexpr std::size_t kBytesPerToken = 16;

std::string quoted(std::string_view text) {
    wire::JsonWriter out;
    out.string(text);
    return out.take();
}

bool continues_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0u) == 0x80u; }

/// Shortens to a character's end, or to a word's if one ends not much earlier.
std::string_view tidy_end(std::string_view text, std::size_t length) {
    while (length > 0 && length < text.size() && continues_character(text[length])) --length;
    const std::size_t blank = text.substr(0, length).find_last_of(" \n\t");
    const bool near = blank != std::string_view::npos && blank > 0 && length - blank < 64;
    return text.substr(0, near && length < text.size() ? blank : length);
}

}  // namespace

TokenBudget::TokenBudget(const TokenCounter& counter, Revision revision, std::size_t tokens_max)
    : counter_(&counter),
      revision_(revision),
      available_(tokens_max > kEnvelopeTokens ? tokens_max - kEnvelopeTokens : 0) {}

TokenBudget TokenBudget::with_limit(std::size_t tokens_max) const {
    return TokenBudget(*counter_, revision_, tokens_max);
}

std::size_t TokenBudget::cost(std::string_view json) const {
    if (json.size() / kBytesPerToken > available_) return available_ + 1;
    std::size_t tokens = counter_->count(quoted(json));
    if (has_structured_content(revision_)) tokens += counter_->count(json);
    return tokens;
}

std::string_view prefix_that_fits(
    std::string_view text, const TokenBudget& budget, std::size_t tokens
) {
    std::string_view kept = tidy_end(text, std::min(text.size(), tokens * kBytesPerToken));
    while (!kept.empty()) {
        const std::size_t cost = budget.cost(quoted(kept));
        if (cost <= tokens) break;
        const std::size_t wanted = kept.size() * tokens / cost;
        kept = tidy_end(text, std::min(kept.size() - 1, wanted - wanted / 32));
    }
    return kept;
}

}  // namespace rag::mcp
