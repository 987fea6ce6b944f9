#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace rag {

/// The word pieces of a model as a trie over bytes. Its edges lie in one hash table: a word is cut
/// with one probe a byte, where a table of strings would hash every prefix of every piece.
class Vocabulary {
public:
    explicit Vocabulary(const std::vector<std::string_view>& pieces);

    std::size_t size() const { return size_; }
    std::optional<std::int32_t> id(std::string_view piece) const;

    /// Gives `sink` the ids of the longest pieces from left to right; those after the first carry
    /// the prefix "##". False, with nothing given, if the word cannot be made of pieces.
    template <class Sink>
    bool cut(std::string_view word, Sink& sink) const {
        const std::size_t before = sink.size();
        std::uint32_t start = kRoot;
        for (std::size_t place = 0; place < word.size();) {
            const Match match = longest(start, word.substr(place));
            if (match.id < 0) {
                sink.resize(before);
                return false;
            }
            sink.push_back(match.id);
            place += match.bytes;
            start = continued_;
        }
        return true;
    }

private:
    static constexpr std::uint32_t kRoot = 0;
    static constexpr std::uint32_t kNone = UINT32_MAX;  // No node has this number.

    struct Edge {
        std::uint32_t key = kNone;  // Node * 256 + byte.
        std::uint32_t child = kNone;
    };
    struct Match {
        std::int32_t id;
        std::size_t bytes;
    };

    std::size_t slot(std::uint32_t key) const;
    std::uint32_t child(std::uint32_t node, char byte) const;
    std::uint32_t add_child(std::uint32_t node, char byte);
    Match longest(std::uint32_t node, std::string_view text) const;

    std::vector<Edge> edges_;
    std::vector<std::int32_t> ids_;  // By node; -1: no piece ends there.
    std::uint32_t continued_ = kNone;
    std::size_t size_ = 0;
};

}  // namespace rag
