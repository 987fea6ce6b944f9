#include "domain/wordless.hpp"

#include <optional>
#include <string>

#include "domain/conversation.hpp"
#include "domain/lexical.hpp"
#include "domain/limits.hpp"
#include "scan.hpp"

namespace rag {
namespace {

/// Bytes of the chunk's text before the beginning of the message. Nothing: it begins otherwise.
/// Looked for, so that no name in the message, and no way in which names were ever put before
/// texts, is taken for another.
std::optional<std::size_t> prefix_size(std::string_view chunk_text, std::string_view written) {
    for (std::size_t size = 0; size < chunk_text.size(); ++size) {
        const std::string_view part = chunk_text.substr(size);
        if (written.substr(0, part.size()) == part) return size;
    }
    return std::nullopt;
}

}  // namespace

bool holds_words(std::string_view text, const Segmenter& segmenter) {
    if (text.size() <= limits::kWordlessCharactersMin) return true;
    const std::size_t characters = count_characters(text);
    if (characters <= limits::kWordlessCharactersMin) return true;
    const std::size_t enough = (characters + limits::kWordsShare - 1) / limits::kWordsShare;
    return segmenter.characters_in_words(text, enough) >= enough;
}

std::string_view written_part(std::string_view text) {
    std::size_t begin = 0;
    for (std::size_t place = 0; place < text.size(); begin = place) {
        if (!scan::is_invisible(scan::next_code_point(text, place))) break;
    }
    return text.substr(begin);
}

ChunkTerms terms_of(const Chunk& chunk, std::string_view content, const TermAnalyzer& analyzer) {
    ChunkTerms made;
    made.terms = analyzer.analyze(chunk.text);
    made.length = lexical::length_of(made.terms);
    if (!chunk.stands_for_message) return made;

    const std::string_view written = written_part(content);
    std::string whole = chunk.text.substr(0, prefix_size(chunk.text, written).value_or(0));
    whole += written;
    made.terms = analyzer.analyze(whole);
    for (Term& term : made.terms) term.count = 1;
    return made;
}

bool leaves_text_out(const Chunk& chunk, std::string_view content) {
    const std::string_view written = written_part(content);
    const std::optional<std::size_t> prefix = prefix_size(chunk.text, written);
    return prefix && !is_blank(written.substr(chunk.text.size() - *prefix));
}

}  // namespace rag
