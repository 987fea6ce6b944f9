#include "vocabulary.hpp"

#include <bit>

namespace rag {

Vocabulary::Vocabulary(const std::vector<std::string_view>& pieces) : size_(pieces.size()) {
    std::size_t bytes = 2;
    for (const std::string_view piece : pieces) bytes += piece.size();
    edges_.resize(std::bit_ceil(2 * bytes));  // More than twice the edges, so that probes end soon.
    ids_.push_back(-1);
    for (std::size_t index = 0; index < pieces.size(); ++index) {
        std::uint32_t node = kRoot;
        for (const char byte : pieces[index]) node = add_child(node, byte);
        ids_[node] = static_cast<std::int32_t>(index);
    }
    continued_ = add_child(add_child(kRoot, '#'), '#');
}

std::optional<std::int32_t> Vocabulary::id(std::string_view piece) const {
    std::uint32_t node = kRoot;
    for (const char byte : piece) {
        node = child(node, byte);
        if (node == kNone) return std::nullopt;
    }
    if (ids_[node] < 0) return std::nullopt;
    return ids_[node];
}

std::size_t Vocabulary::slot(std::uint32_t key) const {
    const std::size_t mask = edges_.size() - 1;
    std::size_t place = (key * std::uint64_t{0x9E3779B97F4A7C15} >> 32) & mask;
    while (edges_[place].key != key && edges_[place].key != kNone) place = (place + 1) & mask;
    return place;
}

std::uint32_t Vocabulary::child(std::uint32_t node, char byte) const {
    return edges_[slot(node << 8 | static_cast<unsigned char>(byte))].child;
}

std::uint32_t Vocabulary::add_child(std::uint32_t node, char byte) {
    const std::uint32_t key = node << 8 | static_cast<unsigned char>(byte);
    Edge& edge = edges_[slot(key)];
    if (edge.key == kNone) {
        edge = {key, static_cast<std::uint32_t>(ids_.size())};
        ids_.push_back(-1);
    }
    return edge.child;
}

Vocabulary::Match Vocabulary::longest(std::uint32_t node, std::string_view text) const {
    Match best{-1, 0};
    for (std::size_t place = 0; place < text.size(); ++place) {
        node = child(node, text[place]);
        if (node == kNone) break;
        if (ids_[node] >= 0) best = {ids_[node], place + 1};
    }
    return best;
}

}  // namespace rag
