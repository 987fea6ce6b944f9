#pragma once

#include "contract/conversation_repository_reading_contract.hpp"
#include "contract/tenant_calls.hpp"

namespace rag::test {

// Tenants.

TEST_P(ConversationRepositoryContract, ATenantFindsNothingOfAnother) {
    const CallContext one = as_tenant("one");
    const CallContext two = as_tenant("two");
    ASSERT_TRUE(await(repository().save(
        conversation_of({said("ana", "rare word"), said("bo", "second")}), with_key("k"), one
    )));

    EXPECT_EQ(await(repository().get({1}, two)).error().code, ErrorCode::not_found);
    EXPECT_EQ(await(repository().chunks({1}, kAnySize, two)).error().code, ErrorCode::not_found);
    EXPECT_EQ(
        await(repository().messages({1}, {0, 9}, kAnySize, two)).error().code, ErrorCode::not_found
    );
    EXPECT_THAT(await(repository().list({}, two))->conversations, IsEmpty());
    const std::vector<ChunkId> chunks{ChunkId{1}, ChunkId{2}};
    EXPECT_THAT(*await(repository().load(chunks, 5, kAnySize, two)), IsEmpty());
    const CandidateSet none = await(repository().candidates(words({"rare"}), two)).value();
    EXPECT_THAT(none.candidates, IsEmpty());
    EXPECT_EQ(none.chunk_total, 0u);
    EXPECT_EQ(await(repository().counts(two))->messages, 0);
    EXPECT_EQ(
        await(repository().remove({1}, without_key(), two)).error().code, ErrorCode::not_found
    );
    // The same content and the same key are news to it, and its ids begin anew.
    const Result<WriteAnswer> same = await(repository().save(
        conversation_of({said("ana", "rare word"), said("bo", "second")}), with_key("k", 2), two
    ));
    ASSERT_TRUE(same) << same.error().message;
    EXPECT_FALSE(same->replayed);
    EXPECT_FALSE(same->outcome.duplicate);
    EXPECT_EQ(same->outcome.conversation_id, ConversationId{1});
    EXPECT_EQ(counts().conversations, 0) << "The default tenant has seen them.";
    EXPECT_EQ(repository().status().conversations, 2);
    EXPECT_EQ(await(repository().verify(soon()))->counts.conversations, 2);
    EXPECT_THAT(problems(), IsEmpty());
}

TEST_P(ConversationRepositoryContract, TwoThousandCallsOfTwoTenantsShowNothingOfTheOther) {
    const TenantsCompared compared = compare_tenants(GetParam(), GetParam(), 2'000, 7);

    EXPECT_EQ(compared.different, 0) << compared.first_seen;
}

TEST_P(ConversationRepositoryContract, TenantsWriteSideBySide) {
    std::vector<std::thread> writers;
    std::atomic<int> stored = 0;
    for (int number = 0; number < 8; ++number) {
        writers.emplace_back([&, number] {
            const CallContext context = as_tenant("tenant " + std::to_string(number % 4));
            for (int i = 0; i < 10; ++i) {
                const std::string text = "word " + std::to_string(i);
                const Result<WriteAnswer> answer = await(
                    repository().save(conversation_of({said("ana", text)}), without_key(), context)
                );
                if (answer && !answer->outcome.duplicate) ++stored;
            }
        });
    }
    for (std::thread& writer : writers) writer.join();

    EXPECT_EQ(stored, 40);
    for (int number = 0; number < 4; ++number) {
        const CallContext context = as_tenant("tenant " + std::to_string(number));
        EXPECT_EQ(await(repository().counts(context))->conversations, 10);
        EXPECT_EQ(await(repository().candidates(words({"word"}), context))->chunk_total, 10u);
    }
    EXPECT_THAT(problems(), IsEmpty());
}

}  // namespace rag::test
