package io.postwatch.controller.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.shared.Role;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The matrix, written a second time: nobody gains a right by a slip. */
class PermissionTest {
    @ParameterizedTest
    @CsvSource(textBlock = """
            OWNER,     true, true,  true,  false
            ADMIN,     true, true,  true,  false
            EDITOR,    true, true,  false, false
            RESPONDER, true, false, false, false
            VIEWER,    true, false, false, false
            OPERATOR,  true, false, true,  true
            """)
    void aRoleMayDoThisAndNoMore(Role role, boolean read, boolean edit, boolean administer, boolean operate) {
        assertThat(Permission.READ.isGiven(role)).isEqualTo(read);
        assertThat(Permission.EDIT.isGiven(role)).isEqualTo(edit);
        assertThat(Permission.ADMINISTER.isGiven(role)).isEqualTo(administer);
        assertThat(Permission.OPERATE.isGiven(role)).isEqualTo(operate);
    }
}
