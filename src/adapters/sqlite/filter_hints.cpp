#include "filter_hints.hpp"

#include <algorithm>

#include "reads.hpp"
#include "text/normalize.hpp"

namespace rag::sqlite {

std::vector<FoundValues> find_nearest(const ChunkIndex& index, const Filter& filter) {
    const Filter compared = text::comparison_form(filter);
    std::vector<FoundValues> found;
    for (std::size_t text = 0; text < kFilterTexts.size(); ++text) {
        const std::optional<std::string>& wanted = compared.*kFilterTexts[text];
        if (!wanted) continue;
        const std::vector<IndexedValue> indexed = index.values(kFilterTexts[text]);
        if (std::ranges::find(indexed, *wanted, &IndexedValue::value) != indexed.end()) continue;
        std::vector<std::string> values;
        values.reserve(indexed.size());
        for (const IndexedValue& one : indexed) values.push_back(one.value);
        FoundValues& of_text = found.emplace_back(FoundValues{text, {}});
        for (const std::size_t place : nearest_values(*wanted, values)) {
            of_text.chunks.push_back(indexed[place].chunk_id);
        }
    }
    return found;
}

Result<std::vector<FilterHint>> hints_of(
    TenantConnection& db, const std::vector<FoundValues>& found, const Filter& filter
) {
    std::vector<FilterHint> hints;
    for (const FoundValues& values : found) {
        Result<std::vector<LoadedChunk>> loaded = load(db, values.chunks, 0, 0);
        if (!loaded) return tl::unexpected<Error>(std::move(loaded.error()));
        FilterHint& hint = hints.emplace_back();
        hint.filter = kFilterTextNames[values.text];
        hint.value = *(filter.*kFilterTexts[values.text]);
        for (LoadedChunk& chunk : *loaded) {
            Filter own;
            own.author_name = std::move(chunk.stored.chunk.author_name);
            own.author_type = std::move(chunk.stored.chunk.author_type);
            own.scenario_title = std::move(chunk.conversation.header.scenario_title);
            std::optional<std::string>& written = own.*kFilterTexts[values.text];
            if (written) hint.nearest.push_back(std::move(*written));
        }
    }
    return hints;
}

}  // namespace rag::sqlite
