package io.postwatch.controller.audit;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Arrays;
import java.util.List;

/** An act that is recorded, for those who choose one. */
@Schema(name = "AuditAct")
record ActView(String code, String title) {
    static List<ActView> all() {
        return Arrays.stream(Act.values())
                .map(act -> new ActView(act.code(), act.title()))
                .toList();
    }
}
