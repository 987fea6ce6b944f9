#include "result_budget.hpp"

#include <algorithm>

#include "encoding/json.hpp"
#include "text_cut.hpp"

namespace rag::mcp {
namespace {

// Everything of a result but the tool's object.
constexpr std::string_view kLegacyEnvelope =
    R"({"content":[{"type":"text","text":""}],"structuredContent":})";
constexpr std::string_view kModernExtras =
    R"(,"resultType":"complete","_meta":{"io.modelcontextprotocol/serverInfo":)"
    R"({"name":"mcp-backend","title":"Conversation memory","version":"1.22.333-rc.4"}})";

// No text that people write has so long tokens; what is longer is not worth counting.
constexpr std::size_t kBytesPerToken = 16;

std::string quoted(std::string_view text) {
    encoding::JsonWriter out;
    out.string(text);
    return out.take();
}

std::size_t tokens_for_object(
    const TokenCounter& counter, Revision revision, std::size_t tokens_max
) {
    std::size_t envelope = counter.count(kLegacyEnvelope);
    if (is_modern(revision)) envelope += counter.count(kModernExtras);
    return tokens_max > envelope ? tokens_max - envelope : 0;
}

/// Shortens to a character's end, or to a word's if one ends not much earlier.
std::string_view tidy_end(std::string_view text, std::size_t length) {
    while (!is_place_in(text, length)) --length;
    const std::size_t blank = text.substr(0, length).find_last_of(" \n\t");
    const bool near = blank != std::string_view::npos && blank > 0 && length - blank < 64;
    return text.substr(0, near && length < text.size() ? blank : length);
}

}  // namespace

ResultBudget::ResultBudget(const TokenCounter& counter, Revision revision, std::size_t tokens_max)
    : counter_(&counter),
      revision_(revision),
      tokens_max_(tokens_max),
      available_(tokens_for_object(counter, revision, tokens_max)) {}

ResultBudget ResultBudget::with_limit(std::size_t tokens_max) const {
    ResultBudget other(*counter_, revision_, tokens_max);
    other.reserve(reserved_);
    return other;
}

ResultBudget ResultBudget::without(std::string_view member) const {
    ResultBudget other = *this;
    if (!member.empty()) other.reserve(row_cost(member));
    return other;
}

std::size_t ResultBudget::text_available() const {
    return tokens_max_ > reserved_ ? tokens_max_ - reserved_ : 0;
}

std::size_t ResultBudget::text_cost(std::string_view text) const {
    if (text.size() / kBytesPerToken > tokens_max_) return tokens_max_ + 1;
    return counter_->count(text);
}

void ResultBudget::reserve(std::size_t tokens) {
    reserved_ += tokens;
    available_ -= std::min(available_, tokens);
}

std::size_t ResultBudget::cost(std::string_view json) const {
    if (json.size() / kBytesPerToken > available_) return available_ + 1;
    std::size_t tokens = counter_->count(quoted(json));
    if (has_structured_content(revision_)) tokens += counter_->count(json);
    return tokens;
}

std::size_t ResultBudget::row_cost(std::string_view json) const { return cost(json) + cost(","); }

std::string_view prefix_that_fits(
    std::string_view text, const ResultBudget& budget, std::size_t tokens
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
