package io.postwatch.agent.probe.failure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FailureCodeTest {

    @ParameterizedTest
    @EnumSource
    void everyCodeIsKebabCaseAndHasAFaultOwnerThatFitsItsCategory(FailureCode code) {
        assertThat(code.code()).matches("[a-z]+(-[a-z]+)*");
        assertThat(code.owner() == FaultOwner.AGENT).isEqualTo(code.category() == FailureCategory.AGENT);
    }
}
