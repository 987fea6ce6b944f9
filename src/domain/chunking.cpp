#include <algorithm>
#include <cassert>
#include <optional>

#include "author_prefix.hpp"
#include "domain/chunk.hpp"
#include "domain/wordless.hpp"
#include "scan.hpp"

namespace rag {
namespace {

std::string_view trim_end(std::string_view text) {
    std::size_t end = 0;
    for (std::size_t place = 0; place < text.size();) {
        if (!scan::is_space(scan::next_code_point(text, place))) end = place;
    }
    return text.substr(0, end);
}

/// Byte offset behind the first `characters` code points, or the end of the text.
std::size_t offset_of(std::string_view text, std::size_t characters) {
    std::size_t place = 0;
    for (; characters > 0 && place < text.size(); --characters) scan::next_code_point(text, place);
    return place;
}

/// Tells whether "author: content" fits the model and the limit of characters.
class Fit {
public:
    Fit(const Message& message, const ChunkingLimits& limits, const TokenCounter& counter)
        : counter_(counter),
          characters_max_(std::max<std::size_t>(limits.characters_max, 1)),
          tokens_max_(counter.max_tokens() - counter.special_tokens()),
          prefix_(make_prefix(author_label(message.author_name, message.author_type))),
          prefix_characters_(count_characters(prefix_)) {}

    const std::string& prefix() const { return prefix_; }

    /// Code points that the content of a chunk may have.
    std::size_t content_characters_max() const { return characters_max_ - prefix_characters_; }

    bool operator()(std::string_view content) const {
        return count_characters(content) <= content_characters_max() && fits_model(content);
    }

    bool fits_model(std::string_view content) const {
        return counter_.count(prefix_ + std::string(content)) <= tokens_max_;
    }

private:
    /// The author's name before the content, cut short only if it would fill more than half.
    std::string make_prefix(std::string_view label) const {
        std::string prefix = std::string(label) + std::string(kPrefixEnd);
        std::size_t kept = count_characters(label);
        while (kept > 0 && !leaves_room(prefix)) {
            kept = std::min(kept - 1, std::max<std::size_t>(characters_max_ / 2, 4) - 3);
            if (counter_.count(prefix) * 2 > tokens_max_) kept = kept * 3 / 4;
            prefix = std::string(label.substr(0, offset_of(label, kept)));
            prefix += kShortenedPrefixEnd;
        }
        return leaves_room(prefix) ? prefix : std::string();
    }

    bool leaves_room(const std::string& prefix) const {
        return count_characters(prefix) * 2 <= characters_max_ &&
               counter_.count(prefix) * 2 <= tokens_max_;
    }

    const TokenCounter& counter_;
    std::size_t characters_max_;
    std::size_t tokens_max_;
    std::string prefix_;
    std::size_t prefix_characters_;
};

/// Cuts one message that does not fit: after a paragraph, a sentence or a word, each part
/// beginning a little before the cut, so that what stands around it is found in one piece.
class Splitter {
public:
    Splitter(
        std::string_view content, const Fit& fit, std::size_t overlap, std::vector<Break> breaks
    )
        : content_(content),
          fit_(fit),
          overlap_(overlap),
          breaks_(std::move(breaks)),
          written_end_(trim_end(content).size()) {}

    std::vector<std::string_view> parts() const {
        std::vector<std::string_view> found;
        std::size_t start = 0;
        std::size_t covered = 0;
        while (!rest_fits(start)) {
            const std::size_t end = end_of_part(start);
            if (end <= covered) {  // What comes next does not fit behind the overlap.
                start = covered;
                continue;
            }
            add(found, start, end);
            if (end >= written_end_) return found;
            covered = end;
            start = start_of_next(start, end);
        }
        add(found, start, content_.size());
        return found;
    }

private:
    using BreakIterator = std::vector<Break>::const_iterator;

    /// White space alone is no part.
    void add(std::vector<std::string_view>& found, std::size_t start, std::size_t end) const {
        const std::string_view part = trim_end(content_.substr(start, end - start));
        if (!part.empty()) found.push_back(part);
    }

    bool rest_fits(std::size_t start) const {
        const std::string_view rest = content_.substr(start);
        // A rest of a megabyte is not counted again for every part.
        if (rest.size() > 4 * fit_.content_characters_max()) return false;
        return fit_(rest);
    }

    BreakIterator first_break_after(std::size_t offset) const {
        return std::upper_bound(
            breaks_.begin(),
            breaks_.end(),
            offset,
            [](std::size_t value, const Break& place) { return value < place.offset; }
        );
    }

    std::size_t end_of_part(std::size_t start) const {
        const std::size_t longest =
            start + offset_of(content_.substr(start), fit_.content_characters_max());
        const BreakIterator first = first_break_after(start);
        const BreakIterator last = largest_that_fits(start, first, first_break_after(longest));
        if (last == first) return inside_grapheme(start, longest);

        const std::size_t farthest = std::prev(last)->offset;
        const std::size_t half = start + (farthest - start) / 2;
        for (const BreakKind kind : {BreakKind::paragraph, BreakKind::sentence, BreakKind::word}) {
            for (BreakIterator place = last; place != first && std::prev(place)->offset > half;) {
                --place;
                if (place->kind >= kind && part_fits(start, place->offset)) return place->offset;
            }
        }
        return farthest;
    }

    bool part_fits(std::size_t start, std::size_t end) const {
        return fit_.fits_model(content_.substr(start, end - start));
    }

    /// The end of those breaks whose part fits the model. Longer text has no fewer pieces, but for
    /// a word that is cut; so the search halves, and what it finds is checked in itself.
    BreakIterator largest_that_fits(std::size_t start, BreakIterator first, BreakIterator last)
        const {
        BreakIterator fitting = first;
        while (fitting != last) {
            const BreakIterator middle = fitting + (last - fitting) / 2;
            if (part_fits(start, middle->offset)) {
                fitting = middle + 1;
            } else {
                last = middle;
            }
        }
        return fitting;
    }

    /// A single grapheme that does not fit (a letter under a thousand accents) is cut all the same.
    std::size_t inside_grapheme(std::size_t start, std::size_t longest) const {
        std::size_t characters =
            std::max<std::size_t>(count_characters(content_.substr(start, longest - start)), 1);
        const std::string_view rest = content_.substr(start);
        while (characters > 1 && !fit_.fits_model(rest.substr(0, offset_of(rest, characters)))) {
            characters /= 2;
        }
        return start + offset_of(rest, characters);
    }

    /// Some characters before the cut, at most a quarter of the part, moved on to a word's begin.
    std::size_t start_of_next(std::size_t start, std::size_t end) const {
        const std::size_t characters = count_characters(content_.substr(start, end - start));
        const std::size_t kept = characters - std::min(overlap_, characters / 4);
        const std::size_t wanted = start + offset_of(content_.substr(start), kept);
        if (wanted >= end) return end;

        BreakIterator place = first_break_after(wanted - 1);
        std::optional<std::size_t> grapheme;
        for (; place != breaks_.end() && place->offset < end; ++place) {
            if (place->kind != BreakKind::character) return place->offset;
            if (!grapheme) grapheme = place->offset;
        }
        return grapheme.value_or(end);
    }

    std::string_view content_;
    const Fit& fit_;
    std::size_t overlap_;
    std::vector<Break> breaks_;
    std::size_t written_end_;  // Only white space follows.
};

bool same_speaker(const Message& one, const Message& other) {
    return one.author_name == other.author_name && one.author_type == other.author_type;
}

Chunk make_chunk(const Message& message, std::size_t index, const Fit& fit, std::string_view part) {
    Chunk chunk;
    chunk.text = fit.prefix() + std::string(part);
    chunk.author_name = message.author_name;
    chunk.author_type = message.author_type;
    chunk.timestamp = message.timestamp;
    chunk.message_start = static_cast<std::int32_t>(index);
    chunk.message_end = chunk.message_start;
    return chunk;
}

/// The one chunk of a message without words.
Chunk make_beginning(
    const Message& message,
    std::size_t index,
    const Fit& fit,
    std::size_t overlap,
    const Segmenter& segmenter
) {
    // A chunk's worth, and a little more for what stands at the end of it.
    const std::string_view content = written_part(message.content);
    const std::string_view head =
        content.substr(0, offset_of(content, 2 * fit.content_characters_max()));
    const Splitter splitter(head, fit, overlap, segmenter.breaks(head));
    Chunk chunk = make_chunk(message, index, fit, splitter.parts().front());
    chunk.stands_for_message = leaves_text_out(chunk, message.content);
    return chunk;
}

}  // namespace

std::vector<Chunk> chunk_messages(
    const std::vector<Message>& messages,
    const ChunkingLimits& limits,
    const TokenCounter& counter,
    const Segmenter& segmenter
) {
    std::vector<Chunk> chunks;
    std::optional<Fit> fit;     // Of the speaker of the message before.
    std::string packed;         // Content of the last chunk while it may be continued.
    bool may_continue = false;  // A message that had to be split is not.
    for (std::size_t index = 0; index < messages.size(); ++index) {
        const Message& message = messages[index];
        const bool same = index > 0 && same_speaker(messages[index - 1], message);
        if (!same) fit.emplace(message, limits, counter);
        if (is_blank(message.content)) {  // Keeps its place, and there is nothing to find in it.
            may_continue = same && may_continue;
            continue;
        }

        if (same && may_continue) {
            std::string longer = packed + "\n" + message.content;
            if ((*fit)(longer)) {
                packed = std::move(longer);
                chunks.back().text = fit->prefix() + packed;
                chunks.back().message_end = static_cast<std::int32_t>(index);
                continue;
            }
        }
        may_continue = (*fit)(message.content);
        if (may_continue) {
            packed = message.content;
            chunks.push_back(make_chunk(message, index, *fit, message.content));
            continue;
        }
        if (!holds_words(message.content, segmenter)) {
            chunks.push_back(
                make_beginning(message, index, *fit, limits.overlap_characters, segmenter)
            );
            continue;
        }
        const Splitter splitter(
            message.content, *fit, limits.overlap_characters, segmenter.breaks(message.content)
        );
        for (const std::string_view part : splitter.parts()) {
            chunks.push_back(make_chunk(message, index, *fit, part));
        }
    }
    for (std::size_t order = 0; order < chunks.size(); ++order) {
        chunks[order].order_index = static_cast<std::int32_t>(order);
    }
    return chunks;
}

}  // namespace rag
