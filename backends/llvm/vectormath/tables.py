"""Polynomial coefficients, lowest power first. Written by minimax.py: change that, not this."""

# exp(r) = 1 + r + r² p(r)
EXP = (  # relative error 2^-52.12
    float.fromhex("0x1.0000000000001p-1"),
    float.fromhex("0x1.555555555554dp-3"),
    float.fromhex("0x1.5555555553d7dp-5"),
    float.fromhex("0x1.111111111448dp-7"),
    float.fromhex("0x1.6c16c1788346ep-10"),
    float.fromhex("0x1.a01a018c303a5p-13"),
    float.fromhex("0x1.a019b929c397fp-16"),
    float.fromhex("0x1.71de5a3e92986p-19"),
    float.fromhex("0x1.28916799edafcp-22"),
    float.fromhex("0x1.aeaaf9f2256edp-26"),
)
EXP_SINGLE = (  # relative error 2^-22.94
    float.fromhex("0x1.ffffffb3292d6p-2"),
    float.fromhex("0x1.5554dd5fe3f9bp-3"),
    float.fromhex("0x1.5555b988825b3p-5"),
    float.fromhex("0x1.120b2741b7a4ep-7"),
    float.fromhex("0x1.6c6a0608288adp-10"),
)

# log((1 + s) / (1 - s)) = 2 s + s z p(z), z = s²
LOG = (  # relative error 2^-50.97
    float.fromhex("0x1.5555555555558p-1"),
    float.fromhex("0x1.99999999952a8p-2"),
    float.fromhex("0x1.2492492df7043p-2"),
    float.fromhex("0x1.c71c62def7d8ep-3"),
    float.fromhex("0x1.7462b65857e07p-3"),
    float.fromhex("0x1.39fe2db2a320bp-3"),
    float.fromhex("0x1.2b5a8955283e0p-3"),
)
LOG_SINGLE = (  # relative error 2^-29.14
    float.fromhex("0x1.5555554ba98dep-1"),
    float.fromhex("0x1.9999eb896ceb5p-2"),
    float.fromhex("0x1.245c33ef8b451p-2"),
    float.fromhex("0x1.ddd199a49ce70p-3"),
)

# log((1 + s) / (1 - s)) = 2 s + 2/3 s z + s z² p(z), z = s²
LOG_LONG = (  # relative error 2^-57.6
    float.fromhex("0x1.999999999999ap-2"),
    float.fromhex("0x1.2492492492522p-2"),
    float.fromhex("0x1.c71c71c6ea926p-3"),
    float.fromhex("0x1.745d177aa105ep-3"),
    float.fromhex("0x1.3b1395ce2e71ep-3"),
    float.fromhex("0x1.1118c89b0b024p-3"),
    float.fromhex("0x1.df7ca82dd0ebep-4"),
    float.fromhex("0x1.e02f956f9417ep-4"),
)

# cbrt(m) = p(m), roughly
CBRT = (  # relative error 2^-13.74
    float.fromhex("0x1.f854951341804p-2"),
    float.fromhex("0x1.7abc1270643d2p-1"),
    float.fromhex("-0x1.2958b167b7f9dp-2"),
    float.fromhex("0x1.dcf0f2b645dcdp-5"),
)

# sin(r) = r + r z p(z), z = r²
SIN = (  # relative error 2^-52.84
    float.fromhex("-0x1.5555555555555p-3"),
    float.fromhex("0x1.1111111110ba4p-7"),
    float.fromhex("-0x1.a01a019e80be2p-13"),
    float.fromhex("0x1.71de3793315f9p-19"),
    float.fromhex("-0x1.ae6007e32b5b5p-26"),
    float.fromhex("0x1.5e0a14db74e48p-33"),
)
SIN_SINGLE = (  # relative error 2^-22.97
    float.fromhex("-0x1.5555529bcce2ep-3"),
    float.fromhex("0x1.110c2150887fcp-7"),
    float.fromhex("-0x1.9ac6ad6d66c2dp-13"),
)

# cos(r) = 1 - z/2 + z² p(z), z = r²
COS = (  # relative error 2^-54.84
    float.fromhex("0x1.5555555555555p-5"),
    float.fromhex("-0x1.6c16c16c16962p-10"),
    float.fromhex("0x1.a01a019f4db5fp-16"),
    float.fromhex("-0x1.27e4fa16ba9eap-22"),
    float.fromhex("0x1.1eeb67dbe29bep-29"),
    float.fromhex("-0x1.907cf2c90e74fp-37"),
)
COS_SINGLE = (  # relative error 2^-24.3
    float.fromhex("0x1.5555543f3b65cp-5"),
    float.fromhex("-0x1.6c12cf29fe0eap-10"),
    float.fromhex("0x1.9bd70c7ff3162p-16"),
)

# sin(π r) = r p(z), z = r², |r| ≤ 1/2
SIN_PI = (  # relative error 2^-52.64
    float.fromhex("0x1.921fb54442d17p+1"),
    float.fromhex("-0x1.4abbce625bd5ep+2"),
    float.fromhex("0x1.466bc67751058p+1"),
    float.fromhex("-0x1.32d2cce17d356p-1"),
    float.fromhex("0x1.50783249d061cp-4"),
    float.fromhex("-0x1.e30623c3ab851p-8"),
    float.fromhex("0x1.e89cea18e1c55p-12"),
    float.fromhex("-0x1.626266036658ep-16"),
)
SIN_PI_SINGLE = (  # relative error 2^-27.49
    float.fromhex("0x1.921fb5206932ep+1"),
    float.fromhex("-0x1.4abbc166e6107p+2"),
    float.fromhex("0x1.4668af4f8297dp+1"),
    float.fromhex("-0x1.324ccacc6f8f1p-1"),
    float.fromhex("0x1.3daff6185b511p-4"),
)

# atan(x) = x + x z p(z), z = x², |x| ≤ 1
ATAN = (  # relative error 2^-56.02
    float.fromhex("-0x1.5555555555555p-2"),
    float.fromhex("0x1.9999999999907p-3"),
    float.fromhex("-0x1.249249248cf0fp-3"),
    float.fromhex("0x1.c71c71c4a1305p-4"),
    float.fromhex("-0x1.745d16f76e201p-4"),
    float.fromhex("0x1.3b13ab48bf07dp-4"),
    float.fromhex("-0x1.1110c3986bc33p-4"),
    float.fromhex("0x1.e1dc4790f64f7p-5"),
    float.fromhex("-0x1.af020d32d8205p-5"),
    float.fromhex("0x1.85502e93939aap-5"),
    float.fromhex("-0x1.60fec2b235f3cp-5"),
    float.fromhex("0x1.3d6fe43e321c8p-5"),
    float.fromhex("-0x1.14dcd580534a4p-5"),
    float.fromhex("0x1.c4dd93d12ce2cp-6"),
    float.fromhex("-0x1.4d0985c31afc1p-6"),
    float.fromhex("0x1.a4b012fc60346p-7"),
    float.fromhex("-0x1.b2b844572de26p-8"),
    float.fromhex("0x1.5ba6b7245b104p-9"),
    float.fromhex("-0x1.8f94ff9cfede1p-11"),
    float.fromhex("0x1.23af2d91fad86p-13"),
    float.fromhex("-0x1.946ba61018b99p-17"),
)
ATAN_SINGLE = (  # relative error 2^-24.44
    float.fromhex("-0x1.5555545a6810ap-2"),
    float.fromhex("0x1.999852689f5b2p-3"),
    float.fromhex("-0x1.246e9b3c26f3fp-3"),
    float.fromhex("0x1.c40d0947a8aeep-4"),
    float.fromhex("-0x1.62ffc306eb020p-4"),
    float.fromhex("0x1.00debca67cd34p-4"),
    float.fromhex("-0x1.27dd3052b26c5p-5"),
    float.fromhex("0x1.bf7bab49470ecp-7"),
    float.fromhex("-0x1.3daaaf4eacc7fp-9"),
)

# asin(x) = x + x z p(z), z = x², |x| ≤ 1/2
ASIN = (  # relative error 2^-53.57
    float.fromhex("0x1.5555555555556p-3"),
    float.fromhex("0x1.3333333332e84p-4"),
    float.fromhex("0x1.6db6db6e387d7p-5"),
    float.fromhex("0x1.f1c71c19d6c27p-6"),
    float.fromhex("0x1.6e8bb25da64cep-6"),
    float.fromhex("0x1.1c4d287099788p-6"),
    float.fromhex("0x1.c9d08b354c98cp-7"),
    float.fromhex("0x1.7817de09b6062p-7"),
    float.fromhex("0x1.529df8bc247acp-7"),
    float.fromhex("0x1.62a5a7f3fa65cp-8"),
    float.fromhex("0x1.1f1a747738b12p-6"),
    float.fromhex("-0x1.eccdec21a8266p-7"),
    float.fromhex("0x1.d93883250bde7p-6"),
)
ASIN_SINGLE = (  # relative error 2^-25.51
    float.fromhex("0x1.555554dd897fdp-3"),
    float.fromhex("0x1.33343ba75391ap-4"),
    float.fromhex("0x1.6d59040823691p-5"),
    float.fromhex("0x1.fdcaff94adba4p-6"),
    float.fromhex("0x1.17de23abbe345p-6"),
    float.fromhex("0x1.14e2c5fc46689p-5"),
)

# erf(x) = x p(z), z = x², |x| ≤ 1
ERF = (  # relative error 2^-56.93
    float.fromhex("0x1.20dd750429b6dp+0"),
    float.fromhex("-0x1.812746b0379bdp-2"),
    float.fromhex("0x1.ce2f21a040d16p-4"),
    float.fromhex("-0x1.b82ce311fa923p-6"),
    float.fromhex("0x1.565bccf92af21p-8"),
    float.fromhex("-0x1.c02db03dcd737p-11"),
    float.fromhex("0x1.f9a2baa811ea1p-14"),
    float.fromhex("-0x1.f4ca4d60d35f4p-17"),
    float.fromhex("0x1.b97fd34a4de1dp-20"),
    float.fromhex("-0x1.5c072380e25bep-23"),
    float.fromhex("0x1.d71af7602ca92p-27"),
    float.fromhex("-0x1.abae0294dbe8ep-31"),
)
ERF_SINGLE = (  # relative error 2^-29.62
    float.fromhex("0x1.20dd74fe491dcp+0"),
    float.fromhex("-0x1.81273de96b766p-2"),
    float.fromhex("0x1.ce2cf7409b052p-4"),
    float.fromhex("-0x1.b7f90ce9ce44cp-6"),
    float.fromhex("0x1.5405b02883ceap-8"),
    float.fromhex("-0x1.a3f6f0ae739ccp-11"),
    float.fromhex("0x1.496a0220c59dfp-14"),
)

# erf(x) = 1 - exp(-x²) p(t), t = (x - 3) / (x + 3), 1 ≤ x ≤ 6
ERF_FAR = (  # relative error 2^-55.12
    float.fromhex("0x1.6e9827d229d2dp-3"),
    float.fromhex("-0x1.4e102b9cf8515p-2"),
    float.fromhex("0x1.f6ff2041059dcp-3"),
    float.fromhex("-0x1.336ffbef08786p-3"),
    float.fromhex("0x1.258b13b011148p-4"),
    float.fromhex("-0x1.8fa58eb66a098p-6"),
    float.fromhex("0x1.17c83901e4c76p-8"),
    float.fromhex("0x1.731021152502ep-11"),
    float.fromhex("-0x1.39085981ce0f8p-11"),
    float.fromhex("0x1.7b9db0b6f6d9ap-15"),
    float.fromhex("0x1.0cb083782640bp-14"),
    float.fromhex("-0x1.aeeecb934f741p-17"),
    float.fromhex("-0x1.0c422680c053cp-17"),
    float.fromhex("0x1.0e4867f4cef85p-19"),
    float.fromhex("0x1.4ba0791300483p-20"),
    float.fromhex("-0x1.09133f5d501ccp-25"),
)
ERF_FAR_SINGLE = (  # relative error 2^-22.47
    float.fromhex("0x1.6e982b0f331d8p-3"),
    float.fromhex("-0x1.4e10183956107p-2"),
    float.fromhex("0x1.f6fcfa5dabd73p-3"),
    float.fromhex("-0x1.337635e09dc14p-3"),
    float.fromhex("0x1.25eee460311bdp-4"),
    float.fromhex("-0x1.8d1f16c454165p-6"),
    float.fromhex("0x1.e1b2b1af38c8bp-9"),
)

# erfc(x) = exp(-x²) / (1 + 2 x) p(t), t = (x - 4) / (x + 4), 0 ≤ x < 29
ERFC = (  # relative error 2^-56.05
    float.fromhex("0x1.3ba5916e9fd7fp+0"),
    float.fromhex("-0x1.1df1ad154a29ep-3"),
    float.fromhex("0x1.f7f5df66fd54bp-7"),
    float.fromhex("0x1.16ecefcfa61bap-4"),
    float.fromhex("-0x1.9ddb23c3e7d09p-4"),
    float.fromhex("0x1.7fee004df40c5p-4"),
    float.fromhex("-0x1.0fb06dfe6bb22p-4"),
    float.fromhex("0x1.3079edfa38c0ep-5"),
    float.fromhex("-0x1.0962387d075fbp-6"),
    float.fromhex("0x1.49c67186d1d0fp-8"),
    float.fromhex("-0x1.8d4aa2ceab863p-11"),
    float.fromhex("-0x1.a1de817906281p-13"),
    float.fromhex("0x1.3be101609ccccp-13"),
    float.fromhex("-0x1.99698487304acp-16"),
    float.fromhex("-0x1.78af9a6e0f42fp-17"),
    float.fromhex("0x1.7fa675408cc1fp-18"),
    float.fromhex("0x1.457fc65b09e0dp-22"),
    float.fromhex("-0x1.bf530a7d28ad6p-21"),
    float.fromhex("0x1.086bd7a714ed2p-24"),
    float.fromhex("0x1.e750917f59e0bp-24"),
    float.fromhex("-0x1.08cfe58aea2fep-27"),
    float.fromhex("-0x1.bc10d08a10ec6p-27"),
    float.fromhex("-0x1.af541693b1da8p-30"),
)

# erfc(x) = exp(-x²) p(t), t = (x - 3) / (x + 3), 1/2 ≤ x ≤ 10.1
ERFC_FAR_SINGLE = (  # relative error 2^-27.22
    float.fromhex("0x1.6e9827f6e764fp-3"),
    float.fromhex("-0x1.4e102c327b185p-2"),
    float.fromhex("0x1.f6ff0f766b9d6p-3"),
    float.fromhex("-0x1.336fbc113f8dap-3"),
    float.fromhex("0x1.258d90f473e10p-4"),
    float.fromhex("-0x1.8fbf2d575f4b5p-6"),
    float.fromhex("0x1.16b058e98a2fap-8"),
    float.fromhex("0x1.81b3244b74320p-11"),
    float.fromhex("-0x1.1dbb8aa69e4b8p-11"),
)

# lgamma(2 + y) = y p(y), |y| ≤ 1/2
LGAMMA = (  # relative error 2^-56.4
    float.fromhex("0x1.b0ee6072093cep-2"),
    float.fromhex("0x1.4a34cc4a60fa8p-2"),
    float.fromhex("-0x1.13e001a55755ep-4"),
    float.fromhex("0x1.51322ac7d6f96p-6"),
    float.fromhex("-0x1.e404fc21d6142p-8"),
    float.fromhex("0x1.7add6eb02218bp-9"),
    float.fromhex("-0x1.38ac5bfe592b2p-10"),
    float.fromhex("0x1.0b36ae8196888p-11"),
    float.fromhex("-0x1.d3fd69d96ee96p-13"),
    float.fromhex("0x1.a128278810319p-14"),
    float.fromhex("-0x1.78d910d0aad6bp-15"),
    float.fromhex("0x1.57fe0cccd0892p-16"),
    float.fromhex("-0x1.3d4b1900bbb0ap-17"),
    float.fromhex("0x1.26d82152dd1ddp-18"),
    float.fromhex("-0x1.090e89f455492p-19"),
    float.fromhex("0x1.e3213793aac14p-21"),
    float.fromhex("-0x1.37b6a5c4babf0p-21"),
    float.fromhex("0x1.3fa970376209dp-22"),
)
LGAMMA_SINGLE = (  # relative error 2^-28.66
    float.fromhex("0x1.b0ee6067ef765p-2"),
    float.fromhex("0x1.4a34cb4ec378ap-2"),
    float.fromhex("-0x1.13dfeb90b404fp-4"),
    float.fromhex("0x1.51357ee2b8048p-6"),
    float.fromhex("-0x1.e4247657f5517p-8"),
    float.fromhex("0x1.795d16b481ee4p-9"),
    float.fromhex("-0x1.34c3a67f67ba5p-10"),
    float.fromhex("0x1.2ac060e11fda1p-11"),
    float.fromhex("-0x1.1af5652c900f7p-12"),
)

# lgamma(x) = (x - 1/2) log(x) - x + log(2 π)/2 + p(u)/x, u = 1/x², x ≥ 8
STIRLING = (  # relative error 2^-51.04
    float.fromhex("0x1.5555555555553p-4"),
    float.fromhex("-0x1.6c16c16bb846bp-9"),
    float.fromhex("0x1.a019fd44a6c11p-11"),
    float.fromhex("-0x1.380ec90d45d33p-11"),
    float.fromhex("0x1.b6fd97632ca92p-11"),
    float.fromhex("-0x1.b1626bba4dc5bp-10"),
)
STIRLING_SINGLE = (  # relative error 2^-30.19
    float.fromhex("0x1.55555550a96fep-4"),
    float.fromhex("-0x1.6c141bf554c7bp-9"),
    float.fromhex("0x1.98f99c46b72d1p-11"),
)

# digamma(3/2 + y) = (3/2 + y - root) p(y), |y| ≤ 1/2
DIGAMMA = (  # relative error 2^-55.97
    float.fromhex("0x1.e6f0cbb873617p-1"),
    float.fromhex("-0x1.b1cb63005ee98p-2"),
    float.fromhex("0x1.eca189b8e6d99p-3"),
    float.fromhex("-0x1.2feeeb98a7a33p-3"),
    float.fromhex("0x1.8512e5905da6ap-4"),
    float.fromhex("-0x1.fb44202a071f6p-5"),
    float.fromhex("0x1.4de9aa059a123p-5"),
    float.fromhex("-0x1.b9f8b124a5cc5p-6"),
    float.fromhex("0x1.256475f150ce6p-6"),
    float.fromhex("-0x1.8635627a65d89p-7"),
    float.fromhex("0x1.03c006a54b89cp-7"),
    float.fromhex("-0x1.5a06cc8e6ec82p-8"),
    float.fromhex("0x1.cd3e746890b5bp-9"),
    float.fromhex("-0x1.336b42082e526p-9"),
    float.fromhex("0x1.980d9ac2fe15ap-10"),
    float.fromhex("-0x1.0fcd580a57e4bp-10"),
    float.fromhex("0x1.7b4a2132bd54fp-11"),
    float.fromhex("-0x1.fc46345b0848fp-12"),
    float.fromhex("0x1.dc1aba8a3a832p-13"),
    float.fromhex("-0x1.343e39ca3a2fcp-13"),
    float.fromhex("0x1.107988275f452p-12"),
    float.fromhex("-0x1.7245dcc01c1c6p-13"),
)
DIGAMMA_SINGLE = (  # relative error 2^-27.99
    float.fromhex("0x1.e6f0cbb507bacp-1"),
    float.fromhex("-0x1.b1cb6835b8bcfp-2"),
    float.fromhex("0x1.eca19b5c6d7f6p-3"),
    float.fromhex("-0x1.2febb3cd8f9b9p-3"),
    float.fromhex("0x1.850beee2eed45p-4"),
    float.fromhex("-0x1.fc5f2242cf96cp-5"),
    float.fromhex("0x1.4ee22e9b8f7cdp-5"),
    float.fromhex("-0x1.a6654665ed183p-6"),
    float.fromhex("0x1.1634fa8034e58p-6"),
    float.fromhex("-0x1.0c70199ac04ffp-6"),
    float.fromhex("0x1.6c56358f6d8a8p-7"),
)

# digamma(x) = log(x) - 1/(2 x) - u p(u), u = 1/x², x ≥ 8
DIGAMMA_TAIL = (  # relative error 2^-47.39
    float.fromhex("0x1.5555555555535p-4"),
    float.fromhex("-0x1.1111110fe7cd1p-7"),
    float.fromhex("0x1.04103a2661544p-8"),
    float.fromhex("-0x1.11099d20f35c3p-8"),
    float.fromhex("0x1.eccb3b2be9a68p-8"),
    float.fromhex("-0x1.2253737518230p-6"),
)
DIGAMMA_TAIL_SINGLE = (  # relative error 2^-27.4
    float.fromhex("0x1.5555553501d50p-4"),
    float.fromhex("-0x1.110c7b145838fp-7"),
    float.fromhex("0x1.fbbeb4e9f7e32p-9"),
)

# trigamma(x) = 1/x + u/2 + u p(u)/x, u = 1/x², x ≥ 8
TRIGAMMA_TAIL = (  # relative error 2^-50.22
    float.fromhex("0x1.5555555555551p-3"),
    float.fromhex("-0x1.11111110f489ep-5"),
    float.fromhex("0x1.8618609e3533ep-6"),
    float.fromhex("-0x1.11105fc059cbdp-5"),
    float.fromhex("0x1.360c89bbbc769p-4"),
    float.fromhex("-0x1.f9efbcc990008p-3"),
    float.fromhex("0x1.b81adeb6ff71bp-1"),
)
TRIGAMMA_TAIL_SINGLE = (  # relative error 2^-32.31
    float.fromhex("0x1.5555555442d6fp-3"),
    float.fromhex("-0x1.1110ee59d441ep-5"),
    float.fromhex("0x1.85c0546899aa7p-6"),
    float.fromhex("-0x1.fe02e97a91d0ap-6"),
)

# tetragamma(x) = -u - u/x - u² p(u), u = 1/x², x ≥ 8
TETRAGAMMA_TAIL = (  # relative error 2^-52.91
    float.fromhex("0x1.fffffffffffffp-2"),
    float.fromhex("-0x1.555555555103fp-3"),
    float.fromhex("0x1.5555553e3fe7bp-3"),
    float.fromhex("-0x1.33331b9f587bcp-2"),
    float.fromhex("0x1.aa9ec4d2269ccp-1"),
    float.fromhex("-0x1.a3881bb1f9d85p+1"),
    float.fromhex("0x1.076379438c057p+4"),
    float.fromhex("-0x1.290ad869712eap+6"),
)
TETRAGAMMA_TAIL_SINGLE = (  # relative error 2^-30.47
    float.fromhex("0x1.fffffffa39446p-2"),
    float.fromhex("-0x1.5554f7a983713p-3"),
    float.fromhex("0x1.54de437b9b694p-3"),
    float.fromhex("-0x1.1aaba41b3f1f6p-2"),
)
