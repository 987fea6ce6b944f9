#include <algorithm>

#include "author_prefix.hpp"
#include "domain/chunk.hpp"
#include "domain/lexical.hpp"
#include "domain/query_cues.hpp"

namespace rag {
namespace {

// "Yeah, right" answers nothing; from so many content words on a chunk says something.
constexpr float kTermsThatSaySomething = 5;

/// In Latin, Arabic, Greek and East Asian writing.
bool has_question_mark(std::string_view text) {
    constexpr std::string_view kMarks[] = {"?", "\xEF\xBC\x9F", "\xD8\x9F", "\xCD\xBE"};
    return std::any_of(std::begin(kMarks), std::end(kMarks), [text](std::string_view mark) {
        return text.find(mark) != std::string_view::npos;
    });
}

}  // namespace

std::string_view content_of(const Chunk& chunk) {
    const std::string_view text = chunk.text;
    const std::string_view label = author_label(chunk.author_name, chunk.author_type);
    const auto [label_end, text_end] =
        std::mismatch(label.begin(), label.end(), text.begin(), text.end());
    static_cast<void>(label_end);
    std::string_view rest = text.substr(static_cast<std::size_t>(text_end - text.begin()));
    for (const std::string_view end : {kShortenedPrefixEnd, kPrefixEnd}) {
        if (rest.substr(0, end.size()) == end) return rest.substr(end.size());
    }
    return text;
}

std::vector<Timestamp> message_times(const Chunk& chunk, std::span<const Message> messages) {
    std::vector<Timestamp> times;
    for (std::int32_t i = chunk.message_start; i <= chunk.message_end; ++i) {
        const std::optional<Timestamp>& time = messages[static_cast<std::size_t>(i)].timestamp;
        if (time) times.push_back(*time);
    }
    std::ranges::sort(times);
    const auto repeated = std::ranges::unique(times);
    times.erase(repeated.begin(), repeated.end());
    return times;
}

float says(const Chunk& chunk, const TermAnalyzer& analyzer) {
    const std::uint32_t terms = lexical::length_of(analyzer.analyze(content_of(chunk)));
    return std::min(static_cast<float>(terms) / kTermsThatSaySomething, 1.0F);
}

ChunkTraits chunk_traits(
    const Chunk& chunk, const TokenCounter& counter, const TermAnalyzer& analyzer
) {
    const std::string_view content = content_of(chunk);
    ChunkTraits traits;
    traits.tokens = static_cast<std::uint32_t>(counter.count(chunk.text));
    traits.not_question = 1 - share_of_questions(content);
    traits.says = says(chunk, analyzer);
    traits.has_question_mark = has_question_mark(content);
    traits.has_time_word = has_time_word(content);
    return traits;
}

}  // namespace rag
