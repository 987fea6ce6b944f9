#include "term_renewal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/repository_fixture.hpp"
#include "domain/lexical.hpp"
#include "domain/wordless.hpp"
#include "sqlite/factory.hpp"
#include "support/fake_telemetry.hpp"
#include "support/temp_folder.hpp"
#include "text/analyzer.hpp"
#include "text/segmenter.hpp"

namespace rag::test {

namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

/// A store whose terms one analyzer has made, opened with another.
class TermRenewalTest : public testing::Test {
protected:
    std::unique_ptr<ConversationRepository> open(const TermAnalyzer& analyzer) {
        SqliteOptions options;
        options.data_dir = folder.path();
        options.analyzer = &analyzer;
        auto repository = make_sqlite_repository(std::move(options), telemetry);
        EXPECT_TRUE(await(repository->use_space(test_space(), within(30s))));
        return repository;
    }

    void save(ConversationRepository& repository, std::vector<Message> messages) {
        NewConversation conversation = conversation_of(std::move(messages));
        analyse(conversation.chunks);
        ASSERT_TRUE(await(repository.save(std::move(conversation), without_key(), within(30s))));
    }

    /// As it is cut and analysed by the program.
    void save_as_cut(ConversationRepository& repository, std::vector<Message> messages) {
        const auto segmenter = text::make_segmenter();
        const FakeTokenCounter counter;
        NewConversation conversation = conversation_of(std::move(messages));
        const std::vector<Message>& all = conversation.conversation.messages;
        conversation.chunks.clear();
        for (Chunk& chunk : chunk_messages(all, {}, counter, *segmenter)) {
            NewChunk& made = conversation.chunks.emplace_back();
            const auto message = static_cast<std::size_t>(chunk.message_start);
            ChunkTerms found = terms_of(chunk, all[message].content, *english);
            made.terms = std::move(found.terms);
            made.length = found.length;
            made.chunk = std::move(chunk);
            made.embedding.vector = direction(0);
        }
        ASSERT_TRUE(await(repository.save(std::move(conversation), without_key(), within(30s))));
    }

    void analyse(std::vector<NewChunk>& chunks) {
        for (NewChunk& chunk : chunks) {
            chunk.terms = english->analyze(chunk.chunk.text);
            chunk.length = lexical::length_of(chunk.terms);
            chunk.traits.says = says(chunk.chunk, *english);
        }
    }

    static std::vector<Candidate> found(ConversationRepository& repository, std::string term) {
        ChunkQuery query;
        query.terms = {std::move(term)};
        query.pool_size = 10;
        std::vector<Candidate> hits = await(repository.candidates(query, within(30s)))->candidates;
        std::erase_if(hits, [](const Candidate& hit) { return hit.lexical_rank == 0; });
        return hits;
    }

    static std::vector<std::string> problems(ConversationRepository& repository) {
        return await(repository.verify(within(30s)))->problems;
    }

    std::unique_ptr<TermAnalyzer> english = text::make_analyzer("english").value();
    std::unique_ptr<TermAnalyzer> german = text::make_analyzer("german").value();
    TempFolder folder;
    FakeTelemetry telemetry;
};

TEST_F(TermRenewalTest, AStoreOpenedWithAnotherAnalyzerFindsTheWordsThatOnlyThatOneMakes) {
    save(*open(*english), {said("ana", "the")});
    save(*open(*english), {said("ana", "they were running")});

    const auto repository = open(*german);

    EXPECT_THAT(found(*repository, "run"), IsEmpty());
    const std::vector<Candidate> hits = found(*repository, "running");
    ASSERT_EQ(hits.size(), 1u);
    // Stop words of English alone are content now.
    EXPECT_FLOAT_EQ(hits[0].traits.says, 3.0F / 5);
    EXPECT_THAT(problems(*repository), IsEmpty());
}

TEST_F(TermRenewalTest, GoesOnWhereItWasWhenItIsInterrupted) {
    std::vector<Message> messages;
    for (int i = 0; i < 1'500; ++i)
        messages.push_back(said("ana", "the running " + std::to_string(i)));
    save(*open(*english), std::move(messages));
    {
        sqlite::ConnectionOptions options;
        options.path = folder.path() / kSqliteFileName;
        options.mode = sqlite::OpenMode::read_write;
        sqlite::Connection db(options);
        const TenantId tenant{std::string(kDefaultTenant)};
        sqlite::TermRenewal interrupted(sqlite::TenantConnection(db, tenant), *german);
        ASSERT_TRUE(interrupted.needed());
        ASSERT_TRUE(interrupted.renew_some());
        EXPECT_EQ(interrupted.renewed(), 1'000);
        sqlite::TermRenewal rest(sqlite::TenantConnection(db, tenant), *german);
        ASSERT_TRUE(rest.needed());
        while (rest.renew_some()) continue;
        EXPECT_EQ(rest.renewed(), 500);
        EXPECT_EQ(rest.total(), 1'500);
        EXPECT_FALSE(rest.needed());
    }

    const auto repository = open(*german);

    EXPECT_EQ(found(*repository, "running").size(), 10u);
    EXPECT_THAT(problems(*repository), IsEmpty());
}

/// "...running..." among keys, far behind what goes into a chunk.
std::string keys(int first) {
    std::string text;
    for (int i = first; i < first + 1'000; ++i) text += "k" + std::to_string(i) + "v ";
    return text + "running";
}

std::string prose() {
    std::string text;
    for (int i = 0; i < 400; ++i) text += "They were walking home. ";
    return text + "And jumping.";
}

TEST_F(TermRenewalTest, RenewsAllTermsOfAMessageWithoutWords) {
    save_as_cut(
        *open(*english),
        {said("ana", "look"),
         said("ben", keys(0)),
         said("ana", prose()),
         said("ben", "\n\n" + keys(5'000)),
         said("ana", "they were running")}
    );
    const std::vector<Candidate> before = found(*open(*english), "run");
    ASSERT_EQ(before.size(), 3u);

    const auto renewed = open(*german);

    EXPECT_THAT(found(*renewed, "run"), IsEmpty());
    EXPECT_EQ(found(*renewed, "running").size(), 3u);
    EXPECT_EQ(found(*renewed, "jumping").size(), 1u) << "prose is what its chunks say";
    EXPECT_EQ(found(*renewed, "k999v").size(), 1u);
    EXPECT_EQ(found(*renewed, "k5999v").size(), 1u);
    EXPECT_THAT(problems(*renewed), IsEmpty());
}

TEST_F(TermRenewalTest, MakesOfAMessageWithoutWordsWhatTheFirstAnalysisMade) {
    save_as_cut(*open(*english), {said("ben", keys(0)), said("ana", "they were running")});
    const std::vector<Candidate> first = found(*open(*english), "run");
    open(*german);

    const std::vector<Candidate> again = found(*open(*english), "run");

    ASSERT_EQ(again.size(), first.size());
    for (std::size_t i = 0; i < first.size(); ++i) {
        EXPECT_EQ(again[i].chunk_id, first[i].chunk_id);
        EXPECT_FLOAT_EQ(again[i].bm25, first[i].bm25);
    }
}

}  // namespace

}  // namespace rag::test
