// Written by transcript.py.

extension Transcript {
    static let wall: UInt64 = 1_700_000_000_123_456_789
    static let initiatorKey: [UInt8] = Hex.bytes(
        """
        681383b9a68c3e22704eb76f1bbd6102d9983dea42c2d60fd460f63ae129bb51
        """
    )
    static let responderKey: [UInt8] = Hex.bytes(
        """
        f8d79f5bec5dc175f82c15b4b72060a8ab8698934a4cd795fa7ebaf4e39c1e77
        """
    )
    static let initiatorEphemeral: [UInt8] = Hex.bytes(
        """
        68a5c8b0db45d75d4ae60beed7dcd2aae4b83323c8209fd1e75f1e75dd595957
        """
    )
    static let responderEphemeral: [UInt8] = Hex.bytes(
        """
        f8561c303c2261d566f0c1eff6cb87a8eb0308ea79e4f0718ef98e6a9a345449
        """
    )
    static let initiatorIndex: [UInt8] = Hex.bytes(
        """
        4433221100000000
        """
    )
    static let responderIndex: [UInt8] = Hex.bytes(
        """
        ddccbbaa00000000
        """
    )

    static let withoutPresharedKey = Transcript(
        presharedKey: nil,
        initiation: Hex.bytes(
            """
            01000000443322112ad2b7681f0afea64fa9752051edded052dbbb2a22012e253a9583a370797539
            cc213f3b29f583c6970e9aef8fedf018812392adf8fdc2bc018f3204183347d6eada6f9b32e7a875
            6788b99fd6ba0bd7a2607a5f35695fea69e7fa5db30639ee1192ba80c960b13e03c063b1e52d3e64
            e109a30f7627698d1244b9f000000000000000000000000000000000
            """
        ),
        cookieReply: Hex.bytes(
            """
            0300000044332211c912508459e11f03946f2fa4d6b05c1971d505b414553dbf1c5015ba5d44e904
            94c9efb5f18fb69b83980c80ea8ee2aec37b9c2fd88ee47c
            """
        ),
        cookie: Hex.bytes(
            """
            7da550375c51a41eeb21d62654891ceb
            """
        ),
        response: Hex.bytes(
            """
            02000000ddccbbaa4433221114bc2f0564e7b920ef79ac8f919f521bfde765def7be44c6b45aaf56
            3e57c954a8a9978ea0c8c6b03ff9084b1a0fe7b09822223a12d14b6ead7e83e99b8566e900000000
            000000000000000000000000
            """
        ),
        keepalive: Hex.bytes(
            """
            04000000ddccbbaa0000000000000000d0abe6db63763bc6fa4abea53a2e988d
            """
        ),
        innerFromInitiator: Hex.bytes(
            """
            4500002000000000401166cb0a0000010a00000200010002000c000070696e67
            """
        ),
        dataFromInitiator: Hex.bytes(
            """
            04000000ddccbbaa0100000000000000521ea18d0308a8cf0dc529c4f1eaaeac1a79f0242c02e347
            72310b1fa745333f356b909f61d4905020a329011dcb13d2
            """
        ),
        innerFromResponder: Hex.bytes(
            """
            4500002400000000401166c70a0000020a0000010001000200100000616e6420706f6e67
            """
        ),
        dataFromResponder: Hex.bytes(
            """
            040000004433221100000000000000008226510025125eafae4d6f0109ec183df02e5d06604cc515
            49507b3bd1c8c0025a121a959c16eef513d2d6a28a323b2cdfb7549d691d64ff6b4fddba1efcb144
            """
        )
    )

    static let withPresharedKey = Transcript(
        presharedKey: Hex.bytes(
            """
            22c2212187020d63b13ca1c43fe2c235548035242ceedde7ca25ee0480995e2d
            """
        ),
        initiation: Hex.bytes(
            """
            01000000443322112ad2b7681f0afea64fa9752051edded052dbbb2a22012e253a9583a370797539
            cc213f3b29f583c6970e9aef8fedf018812392adf8fdc2bc018f3204183347d6eada6f9b32e7a875
            6788b99fd6ba0bd7a2607a5f35695fea69e7fa5db30639ee1192ba80c960b13e03c063b1e52d3e64
            e109a30f7627698d1244b9f000000000000000000000000000000000
            """
        ),
        cookieReply: Hex.bytes(
            """
            0300000044332211c912508459e11f03946f2fa4d6b05c1971d505b414553dbf1c5015ba5d44e904
            94c9efb5f18fb69b83980c80ea8ee2aec37b9c2fd88ee47c
            """
        ),
        cookie: Hex.bytes(
            """
            7da550375c51a41eeb21d62654891ceb
            """
        ),
        response: Hex.bytes(
            """
            02000000ddccbbaa4433221114bc2f0564e7b920ef79ac8f919f521bfde765def7be44c6b45aaf56
            3e57c954ddf3e2559fc3fd52aeabde8f1b034df6272a0b6f058aacc3a474bc2dbb09275b00000000
            000000000000000000000000
            """
        ),
        keepalive: Hex.bytes(
            """
            04000000ddccbbaa00000000000000008d64e15a525135cc7e52894f04e0a72d
            """
        ),
        innerFromInitiator: Hex.bytes(
            """
            4500002000000000401166cb0a0000010a00000200010002000c000070696e67
            """
        ),
        dataFromInitiator: Hex.bytes(
            """
            04000000ddccbbaa01000000000000008f8806397fd1270c60c4bfabae149543940743499f5a1ebf
            cc7e28b165c86af1dd0c60929885ccb471634338802d7631
            """
        ),
        innerFromResponder: Hex.bytes(
            """
            4500002400000000401166c70a0000020a0000010001000200100000616e6420706f6e67
            """
        ),
        dataFromResponder: Hex.bytes(
            """
            04000000443322110000000000000000014c2d323a77f946df58ce9e3ee0a0cd7a8d7c7ae667429d
            432e3fcb26ce00a697f35b9002320d65407cb5671d998d48ef12cd13f986ff2f2700e42990295bcc
            """
        )
    )
}
