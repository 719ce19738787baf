define i32 @"pb.kernel.value_and_grad(loss)"(ptr %slots) nounwind {
entry:
  %v1 = getelementptr inbounds i64, ptr %slots, i64 0
  %v2 = load ptr, ptr %v1
  %v3 = getelementptr inbounds i64, ptr %slots, i64 1
  %v4 = load ptr, ptr %v3
  %v5 = getelementptr inbounds i64, ptr %slots, i64 2
  %v6 = load ptr, ptr %v5
  %v7 = getelementptr inbounds i64, ptr %slots, i64 3
  %v8 = load ptr, ptr %v7
  %v9 = getelementptr inbounds i64, ptr %slots, i64 4
  %v10 = load ptr, ptr %v9
  %v11 = getelementptr inbounds i64, ptr %slots, i64 5
  %v12 = load i64, ptr %v11
  %v13 = getelementptr inbounds i64, ptr %slots, i64 6
  %v14 = load i64, ptr %v13
  %v15 = getelementptr inbounds i64, ptr %slots, i64 7
  %v16 = load i64, ptr %v15
  %v17 = getelementptr inbounds i64, ptr %slots, i64 8
  %v18 = load ptr, ptr %v17
  %v19 = getelementptr inbounds i64, ptr %slots, i64 9
  %v20 = load ptr, ptr %v19
  %v21 = getelementptr inbounds i64, ptr %slots, i64 10
  %v22 = load ptr, ptr %v21
  %v23 = getelementptr inbounds i64, ptr %slots, i64 11
  %v24 = load ptr, ptr %v23
  %v25 = call i32 @"pb.kernel.value_and_grad(loss).body"(ptr %v2, ptr %v4, ptr %v6, ptr %v8, ptr %v10, i64 %v12, i64 %v14, i64 %v16, ptr %v18, ptr %v20, ptr %v22, ptr %v24)
  ret i32 %v25
}

define internal i32 @"pb.kernel.value_and_grad(loss).body"(ptr noalias readonly %p0, ptr noalias readonly %p1, ptr noalias readonly %p2, ptr noalias readonly %p3, ptr noalias readonly %p4, i64 %p5, i64 %p6, i64 %p7, ptr noalias %p8, ptr noalias %p9, ptr noalias %p10, ptr noalias %error) noinline nounwind {
entry:
  %v1 = alloca double, i64 1
  %v2 = alloca ptr, i64 1
  store ptr null, ptr %v2
  %v24 = alloca ptr, i64 1
  store ptr null, ptr %v24
  %v75 = alloca ptr, i64 1
  store ptr null, ptr %v75
  %v97 = alloca ptr, i64 1
  store ptr null, ptr %v97
  %v148 = alloca double, i64 1
  %v150 = alloca ptr, i64 1
  store ptr null, ptr %v150
  %v177 = alloca ptr, i64 1
  store ptr null, ptr %v177
  %v268 = alloca ptr, i64 1
  store ptr null, ptr %v268
  %v285 = alloca ptr, i64 1
  store ptr null, ptr %v285
  %v337 = alloca ptr, i64 1
  store ptr null, ptr %v337
  %v354 = alloca ptr, i64 1
  store ptr null, ptr %v354
  %v406 = alloca ptr, i64 1
  store ptr null, ptr %v406
  %v428 = alloca ptr, i64 1
  store ptr null, ptr %v428
  %v674 = alloca double, i64 1
  %v677 = alloca <4 x double>, i64 1
  %v735 = alloca double, i64 1
  %v740 = alloca <4 x double>, i64 1
  %v826 = alloca ptr, i64 1
  store ptr null, ptr %v826
  %v848 = alloca ptr, i64 1
  store ptr null, ptr %v848
  %v870 = alloca ptr, i64 1
  store ptr null, ptr %v870
  %v892 = alloca ptr, i64 1
  store ptr null, ptr %v892
  %v919 = alloca double, i64 1
  %v939 = alloca ptr, i64 1
  store ptr null, ptr %v939
  %v956 = alloca ptr, i64 1
  store ptr null, ptr %v956
  %v1008 = alloca ptr, i64 1
  store ptr null, ptr %v1008
  %v1025 = alloca ptr, i64 1
  store ptr null, ptr %v1025
  %v1077 = alloca ptr, i64 1
  store ptr null, ptr %v1077
  %v1099 = alloca ptr, i64 1
  store ptr null, ptr %v1099
  %v1312 = alloca double, i64 1
  %v1313 = alloca double, i64 1
  %v1314 = alloca ptr, i64 1
  store ptr null, ptr %v1314
  %v1333 = alloca <4 x double>, i64 1
  %v1334 = alloca <4 x double>, i64 1
  %v1420 = alloca ptr, i64 1
  store ptr null, ptr %v1420
  %v1522 = alloca ptr, i64 1
  store ptr null, ptr %v1522
  %v1539 = alloca ptr, i64 1
  store ptr null, ptr %v1539
  %v1556 = alloca ptr, i64 1
  store ptr null, ptr %v1556
  %v1573 = alloca ptr, i64 1
  store ptr null, ptr %v1573
  %v1590 = alloca ptr, i64 1
  store ptr null, ptr %v1590
  %v1622 = alloca ptr, i64 1
  store ptr null, ptr %v1622
  %v1644 = alloca ptr, i64 1
  store ptr null, ptr %v1644
  ; %p0 main
  ; %p1 extra
  ; %p2 state.h
  ; %p3 state.c
  ; %p4 sequence
  ; %p5 l
  ; %p6 b
  ; %p7 n
  ; %p8 out0
  store double 0x0000000000000000, ptr %v1
  ; %p9 out1
  ; %p10 out2
  %v3 = call i64 @llvm.smax.i64(i64 %p5, i64 0)
  %v4 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 8, i64 %v3)
  %v5 = extractvalue { i64, i1 } %v4, 0
  %v6 = extractvalue { i64, i1 } %v4, 1
  %v7 = or i1 %v6, false
  %v8 = call i64 @llvm.smax.i64(i64 %p6, i64 0)
  %v9 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 %v5, i64 %v8)
  %v10 = extractvalue { i64, i1 } %v9, 0
  %v11 = extractvalue { i64, i1 } %v9, 1
  %v12 = or i1 %v11, %v7
  %v13 = select i1 %v12, i64 -1, i64 %v10
  br i1 %v12, label %fail, label %fine
fail:
  %v14 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v14
  %v15 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v15
  %v16 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v13, ptr %v16
  %v17 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v17
  br label %exit
fine:
  %v18 = call ptr @pb.allocate(i64 %v10)
  %v19 = icmp eq ptr %v18, null
  br i1 %v19, label %fail.1, label %fine.1
fail.1:
  %v20 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v20
  %v21 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v21
  %v22 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v13, ptr %v22
  %v23 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v23
  br label %exit
fine.1:
  store ptr %v18, ptr %v2
  %v25 = call i64 @llvm.smax.i64(i64 %p5, i64 0)
  %v26 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 8, i64 %v25)
  %v27 = extractvalue { i64, i1 } %v26, 0
  %v28 = extractvalue { i64, i1 } %v26, 1
  %v29 = or i1 %v28, false
  %v30 = call i64 @llvm.smax.i64(i64 %p6, i64 0)
  %v31 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 %v27, i64 %v30)
  %v32 = extractvalue { i64, i1 } %v31, 0
  %v33 = extractvalue { i64, i1 } %v31, 1
  %v34 = or i1 %v33, %v29
  %v35 = select i1 %v34, i64 -1, i64 %v32
  br i1 %v34, label %fail.2, label %fine.2
fail.2:
  %v36 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v36
  %v37 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v37
  %v38 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v35, ptr %v38
  %v39 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v39
  br label %exit
fine.2:
  %v40 = call ptr @pb.allocate(i64 %v32)
  %v41 = icmp eq ptr %v40, null
  br i1 %v41, label %fail.3, label %fine.3
fail.3:
  %v42 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v42
  %v43 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v43
  %v44 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v35, ptr %v44
  %v45 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v45
  br label %exit
fine.3:
  store ptr %v40, ptr %v24
  %v46 = icmp slt i64 0, %p5
  br i1 %v46, label %loop, label %done
loop:
  %v47 = phi i64 [ 0, %fine.3 ], [ %v73, %done.2 ]
  %v48 = and i64 %p6, -4
  %v49 = call i64 @llvm.smax.i64(i64 %v48, i64 0)
  %v50 = icmp slt i64 0, %v49
  br i1 %v50, label %loop.1, label %done.1
loop.1:
  %v51 = phi i64 [ 0, %loop ], [ %v61, %loop.1 ]
  %v52 = insertelement <4 x i64> poison, i64 %v51, i64 0
  %v53 = shufflevector <4 x i64> %v52, <4 x i64> poison, <4 x i32> zeroinitializer
  %v54 = add <4 x i64> %v53, <i64 0, i64 1, i64 2, i64 3>
  %v55 = mul i64 %v47, %p6
  %v56 = add i64 %v55, %v51
  %v57 = getelementptr inbounds double, ptr %p2, i64 %v56
  %v58 = load <4 x double>, ptr %v57, align 8
  %v59 = load ptr, ptr %v2
  %v60 = getelementptr inbounds double, ptr %v59, i64 %v56
  store <4 x double> %v58, ptr %v60, align 8
  %v61 = add nsw i64 %v51, 4
  %v62 = icmp slt i64 %v61, %v49
  br i1 %v62, label %loop.1, label %done.1
done.1:
  %v63 = icmp slt i64 %v49, %p6
  br i1 %v63, label %loop.2, label %done.2
loop.2:
  %v64 = phi i64 [ %v49, %done.1 ], [ %v71, %loop.2 ]
  %v65 = mul i64 %v47, %p6
  %v66 = add i64 %v65, %v64
  %v67 = getelementptr inbounds double, ptr %p2, i64 %v66
  %v68 = load double, ptr %v67, align 8
  %v69 = load ptr, ptr %v2
  %v70 = getelementptr inbounds double, ptr %v69, i64 %v66
  store double %v68, ptr %v70, align 8
  %v71 = add nsw i64 %v64, 1
  %v72 = icmp slt i64 %v71, %p6
  br i1 %v72, label %loop.2, label %done.2, !llvm.loop !0
done.2:
  %v73 = add nsw i64 %v47, 1
  %v74 = icmp slt i64 %v73, %p5
  br i1 %v74, label %loop, label %done, !llvm.loop !0
done:
  %v76 = call i64 @llvm.smax.i64(i64 %p5, i64 0)
  %v77 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 8, i64 %v76)
  %v78 = extractvalue { i64, i1 } %v77, 0
  %v79 = extractvalue { i64, i1 } %v77, 1
  %v80 = or i1 %v79, false
  %v81 = call i64 @llvm.smax.i64(i64 %p6, i64 0)
  %v82 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 %v78, i64 %v81)
  %v83 = extractvalue { i64, i1 } %v82, 0
  %v84 = extractvalue { i64, i1 } %v82, 1
  %v85 = or i1 %v84, %v80
  %v86 = select i1 %v85, i64 -1, i64 %v83
  br i1 %v85, label %fail.4, label %fine.4
fail.4:
  %v87 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v87
  %v88 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v88
  %v89 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v86, ptr %v89
  %v90 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v90
  br label %exit
fine.4:
  %v91 = call ptr @pb.allocate(i64 %v83)
  %v92 = icmp eq ptr %v91, null
  br i1 %v92, label %fail.5, label %fine.5
fail.5:
  %v93 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v93
  %v94 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v94
  %v95 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v86, ptr %v95
  %v96 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v96
  br label %exit
fine.5:
  store ptr %v91, ptr %v75
  %v98 = call i64 @llvm.smax.i64(i64 %p5, i64 0)
  %v99 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 8, i64 %v98)
  %v100 = extractvalue { i64, i1 } %v99, 0
  %v101 = extractvalue { i64, i1 } %v99, 1
  %v102 = or i1 %v101, false
  %v103 = call i64 @llvm.smax.i64(i64 %p6, i64 0)
  %v104 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 %v100, i64 %v103)
  %v105 = extractvalue { i64, i1 } %v104, 0
  %v106 = extractvalue { i64, i1 } %v104, 1
  %v107 = or i1 %v106, %v102
  %v108 = select i1 %v107, i64 -1, i64 %v105
  br i1 %v107, label %fail.6, label %fine.6
fail.6:
  %v109 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v109
  %v110 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v110
  %v111 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v108, ptr %v111
  %v112 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v112
  br label %exit
fine.6:
  %v113 = call ptr @pb.allocate(i64 %v105)
  %v114 = icmp eq ptr %v113, null
  br i1 %v114, label %fail.7, label %fine.7
fail.7:
  %v115 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v115
  %v116 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v116
  %v117 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v108, ptr %v117
  %v118 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v118
  br label %exit
fine.7:
  store ptr %v113, ptr %v97
  %v119 = icmp slt i64 0, %p5
  br i1 %v119, label %loop.3, label %done.3
loop.3:
  %v120 = phi i64 [ 0, %fine.7 ], [ %v146, %done.5 ]
  %v121 = and i64 %p6, -4
  %v122 = call i64 @llvm.smax.i64(i64 %v121, i64 0)
  %v123 = icmp slt i64 0, %v122
  br i1 %v123, label %loop.4, label %done.4
loop.4:
  %v124 = phi i64 [ 0, %loop.3 ], [ %v134, %loop.4 ]
  %v125 = insertelement <4 x i64> poison, i64 %v124, i64 0
  %v126 = shufflevector <4 x i64> %v125, <4 x i64> poison, <4 x i32> zeroinitializer
  %v127 = add <4 x i64> %v126, <i64 0, i64 1, i64 2, i64 3>
  %v128 = mul i64 %v120, %p6
  %v129 = add i64 %v128, %v124
  %v130 = getelementptr inbounds double, ptr %p3, i64 %v129
  %v131 = load <4 x double>, ptr %v130, align 8
  %v132 = load ptr, ptr %v75
  %v133 = getelementptr inbounds double, ptr %v132, i64 %v129
  store <4 x double> %v131, ptr %v133, align 8
  %v134 = add nsw i64 %v124, 4
  %v135 = icmp slt i64 %v134, %v122
  br i1 %v135, label %loop.4, label %done.4
done.4:
  %v136 = icmp slt i64 %v122, %p6
  br i1 %v136, label %loop.5, label %done.5
loop.5:
  %v137 = phi i64 [ %v122, %done.4 ], [ %v144, %loop.5 ]
  %v138 = mul i64 %v120, %p6
  %v139 = add i64 %v138, %v137
  %v140 = getelementptr inbounds double, ptr %p3, i64 %v139
  %v141 = load double, ptr %v140, align 8
  %v142 = load ptr, ptr %v75
  %v143 = getelementptr inbounds double, ptr %v142, i64 %v139
  store double %v141, ptr %v143, align 8
  %v144 = add nsw i64 %v137, 1
  %v145 = icmp slt i64 %v144, %p6
  br i1 %v145, label %loop.5, label %done.5, !llvm.loop !0
done.5:
  %v146 = add nsw i64 %v120, 1
  %v147 = icmp slt i64 %v146, %p5
  br i1 %v147, label %loop.3, label %done.3, !llvm.loop !0
done.3:
  store double 0x0000000000000000, ptr %v148
  %v149 = sub i64 %p7, 1
  %v151 = call i64 @llvm.smax.i64(i64 %v149, i64 0)
  %v152 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 8, i64 %v151)
  %v153 = extractvalue { i64, i1 } %v152, 0
  %v154 = extractvalue { i64, i1 } %v152, 1
  %v155 = or i1 %v154, false
  %v156 = call i64 @llvm.smax.i64(i64 %p5, i64 0)
  %v157 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 %v153, i64 %v156)
  %v158 = extractvalue { i64, i1 } %v157, 0
  %v159 = extractvalue { i64, i1 } %v157, 1
  %v160 = or i1 %v159, %v155
  %v161 = call i64 @llvm.smax.i64(i64 %p6, i64 0)
  %v162 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 %v158, i64 %v161)
  %v163 = extractvalue { i64, i1 } %v162, 0
  %v164 = extractvalue { i64, i1 } %v162, 1
  %v165 = or i1 %v164, %v160
  %v166 = select i1 %v165, i64 -1, i64 %v163
  br i1 %v165, label %fail.8, label %fine.8
fail.8:
  %v167 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v167
  %v168 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v168
  %v169 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v166, ptr %v169
  %v170 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v170
  br label %exit
fine.8:
  %v171 = call ptr @pb.allocate(i64 %v163)
  %v172 = icmp eq ptr %v171, null
  br i1 %v172, label %fail.9, label %fine.9
fail.9:
  %v173 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v173
  %v174 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v174
  %v175 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v166, ptr %v175
  %v176 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v176
  br label %exit
fine.9:
  store ptr %v171, ptr %v150
  %v178 = call i64 @llvm.smax.i64(i64 %v149, i64 0)
  %v179 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 8, i64 %v178)
  %v180 = extractvalue { i64, i1 } %v179, 0
  %v181 = extractvalue { i64, i1 } %v179, 1
  %v182 = or i1 %v181, false
  %v183 = call i64 @llvm.smax.i64(i64 %p5, i64 0)
  %v184 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 %v180, i64 %v183)
  %v185 = extractvalue { i64, i1 } %v184, 0
  %v186 = extractvalue { i64, i1 } %v184, 1
  %v187 = or i1 %v186, %v182
  %v188 = call i64 @llvm.smax.i64(i64 %p6, i64 0)
  %v189 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 %v185, i64 %v188)
  %v190 = extractvalue { i64, i1 } %v189, 0
  %v191 = extractvalue { i64, i1 } %v189, 1
  %v192 = or i1 %v191, %v187
  %v193 = select i1 %v192, i64 -1, i64 %v190
  br i1 %v192, label %fail.10, label %fine.10
fail.10:
  %v194 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v194
  %v195 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v195
  %v196 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v193, ptr %v196
  %v197 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v197
  br label %exit
fine.10:
  %v198 = call ptr @pb.allocate(i64 %v190)
  %v199 = icmp eq ptr %v198, null
  br i1 %v199, label %fail.11, label %fine.11
fail.11:
  %v200 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v200
  %v201 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v201
  %v202 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v193, ptr %v202
  %v203 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v203
  br label %exit
fine.11:
  store ptr %v198, ptr %v177
  %v204 = sub i64 %p5, 1
  %v205 = icmp sgt i64 %v149, 0
  %v206 = icmp sge i64 %v204, 0
  %v207 = icmp slt i64 %v204, %p5
  %v208 = and i1 %v206, %v207
  %v209 = xor i1 %v205, true
  %v210 = or i1 %v208, %v209
  %v211 = xor i1 %v210, true
  br i1 %v211, label %fail.12, label %fine.12
fail.12:
  %v212 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 1, ptr %v212
  %v213 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 0, ptr %v213
  %v214 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v204, ptr %v214
  %v215 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 %p5, ptr %v215
  br label %exit
fine.12:
  %v216 = icmp slt i64 0, %v149
  br i1 %v216, label %loop.6, label %done.6
loop.6:
  %v217 = phi i64 [ 0, %fine.12 ], [ %v823, %done.23 ]
  %v218 = load double, ptr %v148
  %v219 = icmp slt i64 0, %p5
  br i1 %v219, label %loop.7, label %done.7
loop.7:
  %v220 = phi i64 [ 0, %loop.6 ], [ %v266, %done.9 ]
  %v221 = and i64 %p6, -4
  %v222 = call i64 @llvm.smax.i64(i64 %v221, i64 0)
  %v223 = icmp slt i64 0, %v222
  br i1 %v223, label %loop.8, label %done.8
loop.8:
  %v224 = phi i64 [ 0, %loop.7 ], [ %v244, %loop.8 ]
  %v225 = insertelement <4 x i64> poison, i64 %v224, i64 0
  %v226 = shufflevector <4 x i64> %v225, <4 x i64> poison, <4 x i32> zeroinitializer
  %v227 = add <4 x i64> %v226, <i64 0, i64 1, i64 2, i64 3>
  %v228 = mul i64 %v220, %p6
  %v229 = add i64 %v228, %v224
  %v230 = load ptr, ptr %v2
  %v231 = getelementptr inbounds double, ptr %v230, i64 %v229
  %v232 = load <4 x double>, ptr %v231, align 8
  %v233 = mul i64 %v217, %p5
  %v234 = add i64 %v233, %v220
  %v235 = mul i64 %v234, %p6
  %v236 = add i64 %v235, %v224
  %v237 = load ptr, ptr %v150
  %v238 = getelementptr inbounds double, ptr %v237, i64 %v236
  store <4 x double> %v232, ptr %v238, align 8
  %v239 = load ptr, ptr %v75
  %v240 = getelementptr inbounds double, ptr %v239, i64 %v229
  %v241 = load <4 x double>, ptr %v240, align 8
  %v242 = load ptr, ptr %v177
  %v243 = getelementptr inbounds double, ptr %v242, i64 %v236
  store <4 x double> %v241, ptr %v243, align 8
  %v244 = add nsw i64 %v224, 4
  %v245 = icmp slt i64 %v244, %v222
  br i1 %v245, label %loop.8, label %done.8
done.8:
  %v246 = icmp slt i64 %v222, %p6
  br i1 %v246, label %loop.9, label %done.9
loop.9:
  %v247 = phi i64 [ %v222, %done.8 ], [ %v264, %loop.9 ]
  %v248 = mul i64 %v220, %p6
  %v249 = add i64 %v248, %v247
  %v250 = load ptr, ptr %v2
  %v251 = getelementptr inbounds double, ptr %v250, i64 %v249
  %v252 = load double, ptr %v251, align 8
  %v253 = mul i64 %v217, %p5
  %v254 = add i64 %v253, %v220
  %v255 = mul i64 %v254, %p6
  %v256 = add i64 %v255, %v247
  %v257 = load ptr, ptr %v150
  %v258 = getelementptr inbounds double, ptr %v257, i64 %v256
  store double %v252, ptr %v258, align 8
  %v259 = load ptr, ptr %v75
  %v260 = getelementptr inbounds double, ptr %v259, i64 %v249
  %v261 = load double, ptr %v260, align 8
  %v262 = load ptr, ptr %v177
  %v263 = getelementptr inbounds double, ptr %v262, i64 %v256
  store double %v261, ptr %v263, align 8
  %v264 = add nsw i64 %v247, 1
  %v265 = icmp slt i64 %v264, %p6
  br i1 %v265, label %loop.9, label %done.9, !llvm.loop !0
done.9:
  %v266 = add nsw i64 %v220, 1
  %v267 = icmp slt i64 %v266, %p5
  br i1 %v267, label %loop.7, label %done.7, !llvm.loop !0
done.7:
  %v269 = call i64 @llvm.smax.i64(i64 %p6, i64 0)
  %v270 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 8, i64 %v269)
  %v271 = extractvalue { i64, i1 } %v270, 0
  %v272 = extractvalue { i64, i1 } %v270, 1
  %v273 = or i1 %v272, false
  %v274 = select i1 %v273, i64 -1, i64 %v271
  br i1 %v273, label %fail.13, label %fine.13
fail.13:
  %v275 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v275
  %v276 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v276
  %v277 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v274, ptr %v277
  %v278 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v278
  br label %exit
fine.13:
  %v279 = call ptr @pb.allocate(i64 %v271)
  %v280 = icmp eq ptr %v279, null
  br i1 %v280, label %fail.14, label %fine.14
fail.14:
  %v281 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v281
  %v282 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v282
  %v283 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v274, ptr %v283
  %v284 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v284
  br label %exit
fine.14:
  store ptr %v279, ptr %v268
  %v286 = call i64 @llvm.smax.i64(i64 %p6, i64 0)
  %v287 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 8, i64 %v286)
  %v288 = extractvalue { i64, i1 } %v287, 0
  %v289 = extractvalue { i64, i1 } %v287, 1
  %v290 = or i1 %v289, false
  %v291 = select i1 %v290, i64 -1, i64 %v288
  br i1 %v290, label %fail.15, label %fine.15
fail.15:
  %v292 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v292
  %v293 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v293
  %v294 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v291, ptr %v294
  %v295 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v295
  br label %exit
fine.15:
  %v296 = call ptr @pb.allocate(i64 %v288)
  %v297 = icmp eq ptr %v296, null
  br i1 %v297, label %fail.16, label %fine.16
fail.16:
  %v298 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v298
  %v299 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v299
  %v300 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v291, ptr %v300
  %v301 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v301
  br label %exit
fine.16:
  store ptr %v296, ptr %v285
  %v302 = and i64 %p6, -4
  %v303 = call i64 @llvm.smax.i64(i64 %v302, i64 0)
  %v304 = icmp slt i64 0, %v303
  br i1 %v304, label %loop.10, label %done.10
loop.10:
  %v305 = phi i64 [ 0, %fine.16 ], [ %v320, %loop.10 ]
  %v306 = insertelement <4 x i64> poison, i64 %v305, i64 0
  %v307 = shufflevector <4 x i64> %v306, <4 x i64> poison, <4 x i32> zeroinitializer
  %v308 = add <4 x i64> %v307, <i64 0, i64 1, i64 2, i64 3>
  %v309 = mul i64 %v217, %p6
  %v310 = add i64 %v309, %v305
  %v311 = getelementptr inbounds double, ptr %p4, i64 %v310
  %v312 = load <4 x double>, ptr %v311, align 8
  %v313 = mul i64 0, %p6
  %v314 = add i64 %v313, %v305
  %v315 = getelementptr inbounds double, ptr %p1, i64 %v314
  %v316 = load <4 x double>, ptr %v315, align 8
  %v317 = fmul contract <4 x double> %v312, %v316
  %v318 = load ptr, ptr %v268
  %v319 = getelementptr inbounds double, ptr %v318, i64 %v305
  store <4 x double> %v317, ptr %v319, align 8
  %v320 = add nsw i64 %v305, 4
  %v321 = icmp slt i64 %v320, %v303
  br i1 %v321, label %loop.10, label %done.10
done.10:
  %v322 = icmp slt i64 %v303, %p6
  br i1 %v322, label %loop.11, label %done.11
loop.11:
  %v323 = phi i64 [ %v303, %done.10 ], [ %v335, %loop.11 ]
  %v324 = mul i64 %v217, %p6
  %v325 = add i64 %v324, %v323
  %v326 = getelementptr inbounds double, ptr %p4, i64 %v325
  %v327 = load double, ptr %v326, align 8
  %v328 = mul i64 0, %p6
  %v329 = add i64 %v328, %v323
  %v330 = getelementptr inbounds double, ptr %p1, i64 %v329
  %v331 = load double, ptr %v330, align 8
  %v332 = fmul contract double %v327, %v331
  %v333 = load ptr, ptr %v268
  %v334 = getelementptr inbounds double, ptr %v333, i64 %v323
  store double %v332, ptr %v334, align 8
  %v335 = add nsw i64 %v323, 1
  %v336 = icmp slt i64 %v335, %p6
  br i1 %v336, label %loop.11, label %done.11, !llvm.loop !0
done.11:
  %v338 = call i64 @llvm.smax.i64(i64 %p6, i64 0)
  %v339 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 8, i64 %v338)
  %v340 = extractvalue { i64, i1 } %v339, 0
  %v341 = extractvalue { i64, i1 } %v339, 1
  %v342 = or i1 %v341, false
  %v343 = select i1 %v342, i64 -1, i64 %v340
  br i1 %v342, label %fail.17, label %fine.17
fail.17:
  %v344 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v344
  %v345 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v345
  %v346 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v343, ptr %v346
  %v347 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v347
  br label %exit
fine.17:
  %v348 = call ptr @pb.allocate(i64 %v340)
  %v349 = icmp eq ptr %v348, null
  br i1 %v349, label %fail.18, label %fine.18
fail.18:
  %v350 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v350
  %v351 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v351
  %v352 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v343, ptr %v352
  %v353 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v353
  br label %exit
fine.18:
  store ptr %v348, ptr %v337
  %v355 = call i64 @llvm.smax.i64(i64 %p6, i64 0)
  %v356 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 8, i64 %v355)
  %v357 = extractvalue { i64, i1 } %v356, 0
  %v358 = extractvalue { i64, i1 } %v356, 1
  %v359 = or i1 %v358, false
  %v360 = select i1 %v359, i64 -1, i64 %v357
  br i1 %v359, label %fail.19, label %fine.19
fail.19:
  %v361 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v361
  %v362 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v362
  %v363 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v360, ptr %v363
  %v364 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v364
  br label %exit
fine.19:
  %v365 = call ptr @pb.allocate(i64 %v357)
  %v366 = icmp eq ptr %v365, null
  br i1 %v366, label %fail.20, label %fine.20
fail.20:
  %v367 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v367
  %v368 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v368
  %v369 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v360, ptr %v369
  %v370 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v370
  br label %exit
fine.20:
  store ptr %v365, ptr %v354
  %v371 = and i64 %p6, -4
  %v372 = call i64 @llvm.smax.i64(i64 %v371, i64 0)
  %v373 = icmp slt i64 0, %v372
  br i1 %v373, label %loop.12, label %done.12
loop.12:
  %v374 = phi i64 [ 0, %fine.20 ], [ %v389, %loop.12 ]
  %v375 = insertelement <4 x i64> poison, i64 %v374, i64 0
  %v376 = shufflevector <4 x i64> %v375, <4 x i64> poison, <4 x i32> zeroinitializer
  %v377 = add <4 x i64> %v376, <i64 0, i64 1, i64 2, i64 3>
  %v378 = mul i64 %v217, %p6
  %v379 = add i64 %v378, %v374
  %v380 = getelementptr inbounds double, ptr %p4, i64 %v379
  %v381 = load <4 x double>, ptr %v380, align 8
  %v382 = mul i64 0, %p6
  %v383 = add i64 %v382, %v374
  %v384 = getelementptr inbounds double, ptr %p1, i64 %v383
  %v385 = load <4 x double>, ptr %v384, align 8
  %v386 = fmul contract <4 x double> %v381, %v385
  %v387 = load ptr, ptr %v337
  %v388 = getelementptr inbounds double, ptr %v387, i64 %v374
  store <4 x double> %v386, ptr %v388, align 8
  %v389 = add nsw i64 %v374, 4
  %v390 = icmp slt i64 %v389, %v372
  br i1 %v390, label %loop.12, label %done.12
done.12:
  %v391 = icmp slt i64 %v372, %p6
  br i1 %v391, label %loop.13, label %done.13
loop.13:
  %v392 = phi i64 [ %v372, %done.12 ], [ %v404, %loop.13 ]
  %v393 = mul i64 %v217, %p6
  %v394 = add i64 %v393, %v392
  %v395 = getelementptr inbounds double, ptr %p4, i64 %v394
  %v396 = load double, ptr %v395, align 8
  %v397 = mul i64 0, %p6
  %v398 = add i64 %v397, %v392
  %v399 = getelementptr inbounds double, ptr %p1, i64 %v398
  %v400 = load double, ptr %v399, align 8
  %v401 = fmul contract double %v396, %v400
  %v402 = load ptr, ptr %v337
  %v403 = getelementptr inbounds double, ptr %v402, i64 %v392
  store double %v401, ptr %v403, align 8
  %v404 = add nsw i64 %v392, 1
  %v405 = icmp slt i64 %v404, %p6
  br i1 %v405, label %loop.13, label %done.13, !llvm.loop !0
done.13:
  %v407 = call i64 @llvm.smax.i64(i64 %p5, i64 0)
  %v408 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 8, i64 %v407)
  %v409 = extractvalue { i64, i1 } %v408, 0
  %v410 = extractvalue { i64, i1 } %v408, 1
  %v411 = or i1 %v410, false
  %v412 = call i64 @llvm.smax.i64(i64 %p6, i64 0)
  %v413 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 %v409, i64 %v412)
  %v414 = extractvalue { i64, i1 } %v413, 0
  %v415 = extractvalue { i64, i1 } %v413, 1
  %v416 = or i1 %v415, %v411
  %v417 = select i1 %v416, i64 -1, i64 %v414
  br i1 %v416, label %fail.21, label %fine.21
fail.21:
  %v418 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v418
  %v419 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v419
  %v420 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v417, ptr %v420
  %v421 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v421
  br label %exit
fine.21:
  %v422 = call ptr @pb.allocate(i64 %v414)
  %v423 = icmp eq ptr %v422, null
  br i1 %v423, label %fail.22, label %fine.22
fail.22:
  %v424 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v424
  %v425 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v425
  %v426 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v417, ptr %v426
  %v427 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v427
  br label %exit
fine.22:
  store ptr %v422, ptr %v406
  %v429 = call i64 @llvm.smax.i64(i64 %p5, i64 0)
  %v430 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 8, i64 %v429)
  %v431 = extractvalue { i64, i1 } %v430, 0
  %v432 = extractvalue { i64, i1 } %v430, 1
  %v433 = or i1 %v432, false
  %v434 = call i64 @llvm.smax.i64(i64 %p6, i64 0)
  %v435 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 %v431, i64 %v434)
  %v436 = extractvalue { i64, i1 } %v435, 0
  %v437 = extractvalue { i64, i1 } %v435, 1
  %v438 = or i1 %v437, %v433
  %v439 = select i1 %v438, i64 -1, i64 %v436
  br i1 %v438, label %fail.23, label %fine.23
fail.23:
  %v440 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v440
  %v441 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v441
  %v442 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v439, ptr %v442
  %v443 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v443
  br label %exit
fine.23:
  %v444 = call ptr @pb.allocate(i64 %v436)
  %v445 = icmp eq ptr %v444, null
  br i1 %v445, label %fail.24, label %fine.24
fail.24:
  %v446 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v446
  %v447 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v447
  %v448 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v439, ptr %v448
  %v449 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v449
  br label %exit
fine.24:
  store ptr %v444, ptr %v428
  %v450 = icmp slt i64 0, %p5
  br i1 %v450, label %loop.14, label %done.14
loop.14:
  %v451 = phi i64 [ 0, %fine.24 ], [ %v631, %done.16 ]
  %v452 = and i64 %p6, -4
  %v453 = call i64 @llvm.smax.i64(i64 %v452, i64 0)
  %v454 = icmp slt i64 0, %v453
  br i1 %v454, label %loop.15, label %done.15
loop.15:
  %v455 = phi i64 [ 0, %loop.14 ], [ %v540, %loop.15 ]
  %v456 = insertelement <4 x i64> poison, i64 %v455, i64 0
  %v457 = shufflevector <4 x i64> %v456, <4 x i64> poison, <4 x i32> zeroinitializer
  %v458 = add <4 x i64> %v457, <i64 0, i64 1, i64 2, i64 3>
  %v459 = load ptr, ptr %v268
  %v460 = getelementptr inbounds double, ptr %v459, i64 %v455
  %v461 = load <4 x double>, ptr %v460, align 8
  %v462 = mul i64 %v451, 2
  %v463 = add i64 %v462, 0
  %v464 = mul i64 %v463, 4
  %v465 = add i64 %v464, 2
  %v466 = mul i64 %v465, %p6
  %v467 = add i64 %v466, %v455
  %v468 = getelementptr inbounds double, ptr %p0, i64 %v467
  %v469 = load <4 x double>, ptr %v468, align 8
  %v470 = fmul contract <4 x double> %v461, %v469
  %v471 = add i64 %v462, 1
  %v472 = mul i64 %v471, 4
  %v473 = add i64 %v472, 2
  %v474 = mul i64 %v473, %p6
  %v475 = add i64 %v474, %v455
  %v476 = getelementptr inbounds double, ptr %p0, i64 %v475
  %v477 = load <4 x double>, ptr %v476, align 8
  %v478 = fadd contract <4 x double> %v470, %v477
  %v479 = call <4 x double> @pb.sigmoid.f64x4(<4 x double> %v478)
  %v480 = add i64 %v464, 0
  %v481 = mul i64 %v480, %p6
  %v482 = add i64 %v481, %v455
  %v483 = getelementptr inbounds double, ptr %p0, i64 %v482
  %v484 = load <4 x double>, ptr %v483, align 8
  %v485 = fmul contract <4 x double> %v461, %v484
  %v486 = add i64 %v472, 0
  %v487 = mul i64 %v486, %p6
  %v488 = add i64 %v487, %v455
  %v489 = getelementptr inbounds double, ptr %p0, i64 %v488
  %v490 = load <4 x double>, ptr %v489, align 8
  %v491 = fadd contract <4 x double> %v485, %v490
  %v492 = call <4 x double> @pb.sigmoid.f64x4(<4 x double> %v491)
  %v493 = mul i64 %v451, %p6
  %v494 = add i64 %v493, %v455
  %v495 = load ptr, ptr %v75
  %v496 = getelementptr inbounds double, ptr %v495, i64 %v494
  %v497 = load <4 x double>, ptr %v496, align 8
  %v498 = fmul contract <4 x double> %v492, %v497
  %v499 = load ptr, ptr %v2
  %v500 = getelementptr inbounds double, ptr %v499, i64 %v494
  %v501 = load <4 x double>, ptr %v500, align 8
  %v502 = add i64 %v464, 1
  %v503 = mul i64 %v502, %p6
  %v504 = add i64 %v503, %v455
  %v505 = getelementptr inbounds double, ptr %p0, i64 %v504
  %v506 = load <4 x double>, ptr %v505, align 8
  %v507 = fmul contract <4 x double> %v501, %v506
  %v508 = add i64 %v472, 1
  %v509 = mul i64 %v508, %p6
  %v510 = add i64 %v509, %v455
  %v511 = getelementptr inbounds double, ptr %p0, i64 %v510
  %v512 = load <4 x double>, ptr %v511, align 8
  %v513 = fadd contract <4 x double> %v507, %v512
  %v514 = call <4 x double> @pb.sigmoid.f64x4(<4 x double> %v513)
  %v515 = add i64 %v464, 3
  %v516 = mul i64 %v515, %p6
  %v517 = add i64 %v516, %v455
  %v518 = getelementptr inbounds double, ptr %p0, i64 %v517
  %v519 = load <4 x double>, ptr %v518, align 8
  %v520 = fmul contract <4 x double> %v501, %v519
  %v521 = add i64 %v472, 3
  %v522 = mul i64 %v521, %p6
  %v523 = add i64 %v522, %v455
  %v524 = getelementptr inbounds double, ptr %p0, i64 %v523
  %v525 = load <4 x double>, ptr %v524, align 8
  %v526 = fadd contract <4 x double> %v520, %v525
  %v527 = call <4 x double> @pb.tanh.f64x4(<4 x double> %v526)
  %v528 = fmul contract <4 x double> %v514, %v527
  %v529 = fadd contract <4 x double> %v498, %v528
  %v530 = call <4 x double> @pb.tanh.f64x4(<4 x double> %v529)
  %v531 = fmul contract <4 x double> %v479, %v530
  %v532 = load ptr, ptr %v406
  %v533 = getelementptr inbounds double, ptr %v532, i64 %v494
  store <4 x double> %v531, ptr %v533, align 8
  %v534 = load ptr, ptr %v428
  %v535 = getelementptr inbounds double, ptr %v534, i64 %v494
  store <4 x double> %v529, ptr %v535, align 8
  %v536 = load ptr, ptr %v285
  %v537 = getelementptr inbounds double, ptr %v536, i64 %v455
  store <4 x double> %v531, ptr %v537, align 8
  %v538 = load ptr, ptr %v354
  %v539 = getelementptr inbounds double, ptr %v538, i64 %v455
  store <4 x double> %v529, ptr %v539, align 8
  %v540 = add nsw i64 %v455, 4
  %v541 = icmp slt i64 %v540, %v453
  br i1 %v541, label %loop.15, label %done.15, !llvm.loop !0
done.15:
  %v542 = icmp slt i64 %v453, %p6
  br i1 %v542, label %loop.16, label %done.16
loop.16:
  %v543 = phi i64 [ %v453, %done.15 ], [ %v625, %loop.16 ]
  %v544 = load ptr, ptr %v268
  %v545 = getelementptr inbounds double, ptr %v544, i64 %v543
  %v546 = load double, ptr %v545, align 8
  %v547 = mul i64 %v451, 2
  %v548 = add i64 %v547, 0
  %v549 = mul i64 %v548, 4
  %v550 = add i64 %v549, 2
  %v551 = mul i64 %v550, %p6
  %v552 = add i64 %v551, %v543
  %v553 = getelementptr inbounds double, ptr %p0, i64 %v552
  %v554 = load double, ptr %v553, align 8
  %v555 = fmul contract double %v546, %v554
  %v556 = add i64 %v547, 1
  %v557 = mul i64 %v556, 4
  %v558 = add i64 %v557, 2
  %v559 = mul i64 %v558, %p6
  %v560 = add i64 %v559, %v543
  %v561 = getelementptr inbounds double, ptr %p0, i64 %v560
  %v562 = load double, ptr %v561, align 8
  %v563 = fadd contract double %v555, %v562
  %v564 = call double @pb.sigmoid.f64x1(double %v563)
  %v565 = add i64 %v549, 0
  %v566 = mul i64 %v565, %p6
  %v567 = add i64 %v566, %v543
  %v568 = getelementptr inbounds double, ptr %p0, i64 %v567
  %v569 = load double, ptr %v568, align 8
  %v570 = fmul contract double %v546, %v569
  %v571 = add i64 %v557, 0
  %v572 = mul i64 %v571, %p6
  %v573 = add i64 %v572, %v543
  %v574 = getelementptr inbounds double, ptr %p0, i64 %v573
  %v575 = load double, ptr %v574, align 8
  %v576 = fadd contract double %v570, %v575
  %v577 = call double @pb.sigmoid.f64x1(double %v576)
  %v578 = mul i64 %v451, %p6
  %v579 = add i64 %v578, %v543
  %v580 = load ptr, ptr %v75
  %v581 = getelementptr inbounds double, ptr %v580, i64 %v579
  %v582 = load double, ptr %v581, align 8
  %v583 = fmul contract double %v577, %v582
  %v584 = load ptr, ptr %v2
  %v585 = getelementptr inbounds double, ptr %v584, i64 %v579
  %v586 = load double, ptr %v585, align 8
  %v587 = add i64 %v549, 1
  %v588 = mul i64 %v587, %p6
  %v589 = add i64 %v588, %v543
  %v590 = getelementptr inbounds double, ptr %p0, i64 %v589
  %v591 = load double, ptr %v590, align 8
  %v592 = fmul contract double %v586, %v591
  %v593 = add i64 %v557, 1
  %v594 = mul i64 %v593, %p6
  %v595 = add i64 %v594, %v543
  %v596 = getelementptr inbounds double, ptr %p0, i64 %v595
  %v597 = load double, ptr %v596, align 8
  %v598 = fadd contract double %v592, %v597
  %v599 = call double @pb.sigmoid.f64x1(double %v598)
  %v600 = add i64 %v549, 3
  %v601 = mul i64 %v600, %p6
  %v602 = add i64 %v601, %v543
  %v603 = getelementptr inbounds double, ptr %p0, i64 %v602
  %v604 = load double, ptr %v603, align 8
  %v605 = fmul contract double %v586, %v604
  %v606 = add i64 %v557, 3
  %v607 = mul i64 %v606, %p6
  %v608 = add i64 %v607, %v543
  %v609 = getelementptr inbounds double, ptr %p0, i64 %v608
  %v610 = load double, ptr %v609, align 8
  %v611 = fadd contract double %v605, %v610
  %v612 = call double @pb.tanh.f64x1(double %v611)
  %v613 = fmul contract double %v599, %v612
  %v614 = fadd contract double %v583, %v613
  %v615 = call double @pb.tanh.f64x1(double %v614)
  %v616 = fmul contract double %v564, %v615
  %v617 = load ptr, ptr %v406
  %v618 = getelementptr inbounds double, ptr %v617, i64 %v579
  store double %v616, ptr %v618, align 8
  %v619 = load ptr, ptr %v428
  %v620 = getelementptr inbounds double, ptr %v619, i64 %v579
  store double %v614, ptr %v620, align 8
  %v621 = load ptr, ptr %v285
  %v622 = getelementptr inbounds double, ptr %v621, i64 %v543
  store double %v616, ptr %v622, align 8
  %v623 = load ptr, ptr %v354
  %v624 = getelementptr inbounds double, ptr %v623, i64 %v543
  store double %v614, ptr %v624, align 8
  %v625 = add nsw i64 %v543, 1
  %v626 = icmp slt i64 %v625, %p6
  br i1 %v626, label %loop.16, label %done.16, !llvm.loop !0
done.16:
  %v627 = load ptr, ptr %v268
  %v628 = load ptr, ptr %v285
  store ptr %v628, ptr %v268
  store ptr %v627, ptr %v285
  %v629 = load ptr, ptr %v337
  %v630 = load ptr, ptr %v354
  store ptr %v630, ptr %v337
  store ptr %v629, ptr %v354
  %v631 = add nsw i64 %v451, 1
  %v632 = icmp slt i64 %v631, %p5
  br i1 %v632, label %loop.14, label %done.14, !llvm.loop !0
done.14:
  %v633 = icmp slt i64 0, %p5
  br i1 %v633, label %loop.17, label %done.17
loop.17:
  %v634 = phi i64 [ 0, %done.14 ], [ %v672, %done.19 ]
  %v635 = and i64 %p6, -4
  %v636 = call i64 @llvm.smax.i64(i64 %v635, i64 0)
  %v637 = icmp slt i64 0, %v636
  br i1 %v637, label %loop.18, label %done.18
loop.18:
  %v638 = phi i64 [ 0, %loop.17 ], [ %v654, %loop.18 ]
  %v639 = insertelement <4 x i64> poison, i64 %v638, i64 0
  %v640 = shufflevector <4 x i64> %v639, <4 x i64> poison, <4 x i32> zeroinitializer
  %v641 = add <4 x i64> %v640, <i64 0, i64 1, i64 2, i64 3>
  %v642 = mul i64 %v634, %p6
  %v643 = add i64 %v642, %v638
  %v644 = load ptr, ptr %v406
  %v645 = getelementptr inbounds double, ptr %v644, i64 %v643
  %v646 = load <4 x double>, ptr %v645, align 8
  %v647 = load ptr, ptr %v24
  %v648 = getelementptr inbounds double, ptr %v647, i64 %v643
  store <4 x double> %v646, ptr %v648, align 8
  %v649 = load ptr, ptr %v428
  %v650 = getelementptr inbounds double, ptr %v649, i64 %v643
  %v651 = load <4 x double>, ptr %v650, align 8
  %v652 = load ptr, ptr %v97
  %v653 = getelementptr inbounds double, ptr %v652, i64 %v643
  store <4 x double> %v651, ptr %v653, align 8
  %v654 = add nsw i64 %v638, 4
  %v655 = icmp slt i64 %v654, %v636
  br i1 %v655, label %loop.18, label %done.18
done.18:
  %v656 = icmp slt i64 %v636, %p6
  br i1 %v656, label %loop.19, label %done.19
loop.19:
  %v657 = phi i64 [ %v636, %done.18 ], [ %v670, %loop.19 ]
  %v658 = mul i64 %v634, %p6
  %v659 = add i64 %v658, %v657
  %v660 = load ptr, ptr %v406
  %v661 = getelementptr inbounds double, ptr %v660, i64 %v659
  %v662 = load double, ptr %v661, align 8
  %v663 = load ptr, ptr %v24
  %v664 = getelementptr inbounds double, ptr %v663, i64 %v659
  store double %v662, ptr %v664, align 8
  %v665 = load ptr, ptr %v428
  %v666 = getelementptr inbounds double, ptr %v665, i64 %v659
  %v667 = load double, ptr %v666, align 8
  %v668 = load ptr, ptr %v97
  %v669 = getelementptr inbounds double, ptr %v668, i64 %v659
  store double %v667, ptr %v669, align 8
  %v670 = add nsw i64 %v657, 1
  %v671 = icmp slt i64 %v670, %p6
  br i1 %v671, label %loop.19, label %done.19, !llvm.loop !0
done.19:
  %v672 = add nsw i64 %v634, 1
  %v673 = icmp slt i64 %v672, %p5
  br i1 %v673, label %loop.17, label %done.17, !llvm.loop !0
done.17:
  store double 0x0000000000000000, ptr %v674
  %v675 = and i64 %p6, -4
  %v676 = call i64 @llvm.smax.i64(i64 %v675, i64 0)
  store <4 x double> splat (double 0x0000000000000000), ptr %v677
  %v678 = icmp slt i64 0, %v676
  br i1 %v678, label %loop.20, label %done.20
loop.20:
  %v679 = phi i64 [ 0, %done.17 ], [ %v701, %loop.20 ]
  %v680 = insertelement <4 x i64> poison, i64 %v679, i64 0
  %v681 = shufflevector <4 x i64> %v680, <4 x i64> poison, <4 x i32> zeroinitializer
  %v682 = add <4 x i64> %v681, <i64 0, i64 1, i64 2, i64 3>
  %v683 = mul i64 %v204, %p6
  %v684 = add i64 %v683, %v679
  %v685 = load ptr, ptr %v406
  %v686 = getelementptr inbounds double, ptr %v685, i64 %v684
  %v687 = load <4 x double>, ptr %v686, align 8
  %v688 = mul i64 1, %p6
  %v689 = add i64 %v688, %v679
  %v690 = getelementptr inbounds double, ptr %p1, i64 %v689
  %v691 = load <4 x double>, ptr %v690, align 8
  %v692 = fmul contract <4 x double> %v687, %v691
  %v693 = mul i64 2, %p6
  %v694 = add i64 %v693, %v679
  %v695 = getelementptr inbounds double, ptr %p1, i64 %v694
  %v696 = load <4 x double>, ptr %v695, align 8
  %v697 = fadd contract <4 x double> %v692, %v696
  %v698 = call <4 x double> @pb.exp.f64x4(<4 x double> %v697) alwaysinline
  %v699 = load <4 x double>, ptr %v677
  %v700 = fadd contract <4 x double> %v699, %v698
  store <4 x double> %v700, ptr %v677
  %v701 = add nsw i64 %v679, 4
  %v702 = icmp slt i64 %v701, %v676
  br i1 %v702, label %loop.20, label %done.20
done.20:
  %v703 = load <4 x double>, ptr %v677
  %v704 = shufflevector <4 x double> %v703, <4 x double> poison, <2 x i32> <i32 0, i32 1>
  %v705 = shufflevector <4 x double> %v703, <4 x double> poison, <2 x i32> <i32 2, i32 3>
  %v706 = fadd contract <2 x double> %v704, %v705
  %v707 = extractelement <2 x double> %v706, i64 0
  %v708 = extractelement <2 x double> %v706, i64 1
  %v709 = fadd contract double %v707, %v708
  %v710 = load double, ptr %v674
  %v711 = fadd contract double %v710, %v709
  store double %v711, ptr %v674
  %v712 = icmp slt i64 %v676, %p6
  br i1 %v712, label %loop.21, label %done.21
loop.21:
  %v713 = phi i64 [ %v676, %done.20 ], [ %v732, %loop.21 ]
  %v714 = mul i64 %v204, %p6
  %v715 = add i64 %v714, %v713
  %v716 = load ptr, ptr %v406
  %v717 = getelementptr inbounds double, ptr %v716, i64 %v715
  %v718 = load double, ptr %v717, align 8
  %v719 = mul i64 1, %p6
  %v720 = add i64 %v719, %v713
  %v721 = getelementptr inbounds double, ptr %p1, i64 %v720
  %v722 = load double, ptr %v721, align 8
  %v723 = fmul contract double %v718, %v722
  %v724 = mul i64 2, %p6
  %v725 = add i64 %v724, %v713
  %v726 = getelementptr inbounds double, ptr %p1, i64 %v725
  %v727 = load double, ptr %v726, align 8
  %v728 = fadd contract double %v723, %v727
  %v729 = call double @pb.exp.f64x1(double %v728)
  %v730 = load double, ptr %v674
  %v731 = fadd contract double %v730, %v729
  store double %v731, ptr %v674
  %v732 = add nsw i64 %v713, 1
  %v733 = icmp slt i64 %v732, %p6
  br i1 %v733, label %loop.21, label %done.21, !llvm.loop !0
done.21:
  %v734 = load double, ptr %v674
  store double 0x0000000000000000, ptr %v735
  %v736 = fadd contract double %v734, 0x4000000000000000
  %v737 = call double @pb.log.f64x1(double %v736) alwaysinline
  %v738 = and i64 %p6, -4
  %v739 = call i64 @llvm.smax.i64(i64 %v738, i64 0)
  store <4 x double> splat (double 0x0000000000000000), ptr %v740
  %v741 = icmp slt i64 0, %v739
  br i1 %v741, label %loop.22, label %done.22
loop.22:
  %v742 = phi i64 [ 0, %done.21 ], [ %v772, %loop.22 ]
  %v743 = insertelement <4 x i64> poison, i64 %v742, i64 0
  %v744 = shufflevector <4 x i64> %v743, <4 x i64> poison, <4 x i32> zeroinitializer
  %v745 = add <4 x i64> %v744, <i64 0, i64 1, i64 2, i64 3>
  %v746 = mul i64 %v204, %p6
  %v747 = add i64 %v746, %v742
  %v748 = load ptr, ptr %v406
  %v749 = getelementptr inbounds double, ptr %v748, i64 %v747
  %v750 = load <4 x double>, ptr %v749, align 8
  %v751 = mul i64 1, %p6
  %v752 = add i64 %v751, %v742
  %v753 = getelementptr inbounds double, ptr %p1, i64 %v752
  %v754 = load <4 x double>, ptr %v753, align 8
  %v755 = fmul contract <4 x double> %v750, %v754
  %v756 = mul i64 2, %p6
  %v757 = add i64 %v756, %v742
  %v758 = getelementptr inbounds double, ptr %p1, i64 %v757
  %v759 = load <4 x double>, ptr %v758, align 8
  %v760 = fadd contract <4 x double> %v755, %v759
  %v761 = insertelement <4 x double> poison, double %v737, i64 0
  %v762 = shufflevector <4 x double> %v761, <4 x double> poison, <4 x i32> zeroinitializer
  %v763 = fsub contract <4 x double> %v760, %v762
  %v764 = add i64 1, %v217
  %v765 = mul i64 %v764, %p6
  %v766 = add i64 %v765, %v742
  %v767 = getelementptr inbounds double, ptr %p4, i64 %v766
  %v768 = load <4 x double>, ptr %v767, align 8
  %v769 = fmul contract <4 x double> %v763, %v768
  %v770 = load <4 x double>, ptr %v740
  %v771 = fadd contract <4 x double> %v770, %v769
  store <4 x double> %v771, ptr %v740
  %v772 = add nsw i64 %v742, 4
  %v773 = icmp slt i64 %v772, %v739
  br i1 %v773, label %loop.22, label %done.22, !llvm.loop !0
done.22:
  %v774 = load <4 x double>, ptr %v740
  %v775 = shufflevector <4 x double> %v774, <4 x double> poison, <2 x i32> <i32 0, i32 1>
  %v776 = shufflevector <4 x double> %v774, <4 x double> poison, <2 x i32> <i32 2, i32 3>
  %v777 = fadd contract <2 x double> %v775, %v776
  %v778 = extractelement <2 x double> %v777, i64 0
  %v779 = extractelement <2 x double> %v777, i64 1
  %v780 = fadd contract double %v778, %v779
  %v781 = load double, ptr %v735
  %v782 = fadd contract double %v781, %v780
  store double %v782, ptr %v735
  %v783 = icmp slt i64 %v739, %p6
  br i1 %v783, label %loop.23, label %done.23
loop.23:
  %v784 = phi i64 [ %v739, %done.22 ], [ %v809, %loop.23 ]
  %v785 = mul i64 %v204, %p6
  %v786 = add i64 %v785, %v784
  %v787 = load ptr, ptr %v406
  %v788 = getelementptr inbounds double, ptr %v787, i64 %v786
  %v789 = load double, ptr %v788, align 8
  %v790 = mul i64 1, %p6
  %v791 = add i64 %v790, %v784
  %v792 = getelementptr inbounds double, ptr %p1, i64 %v791
  %v793 = load double, ptr %v792, align 8
  %v794 = fmul contract double %v789, %v793
  %v795 = mul i64 2, %p6
  %v796 = add i64 %v795, %v784
  %v797 = getelementptr inbounds double, ptr %p1, i64 %v796
  %v798 = load double, ptr %v797, align 8
  %v799 = fadd contract double %v794, %v798
  %v800 = fsub contract double %v799, %v737
  %v801 = add i64 1, %v217
  %v802 = mul i64 %v801, %p6
  %v803 = add i64 %v802, %v784
  %v804 = getelementptr inbounds double, ptr %p4, i64 %v803
  %v805 = load double, ptr %v804, align 8
  %v806 = fmul contract double %v800, %v805
  %v807 = load double, ptr %v735
  %v808 = fadd contract double %v807, %v806
  store double %v808, ptr %v735
  %v809 = add nsw i64 %v784, 1
  %v810 = icmp slt i64 %v809, %p6
  br i1 %v810, label %loop.23, label %done.23, !llvm.loop !0
done.23:
  %v811 = load double, ptr %v735
  %v812 = fadd contract double %v218, %v811
  store double %v812, ptr %v148
  %v813 = load ptr, ptr %v2
  %v814 = load ptr, ptr %v24
  store ptr %v814, ptr %v2
  store ptr %v813, ptr %v24
  %v815 = load ptr, ptr %v75
  %v816 = load ptr, ptr %v97
  store ptr %v816, ptr %v75
  store ptr %v815, ptr %v97
  %v817 = load ptr, ptr %v268
  call void @pb.release(ptr %v817)
  store ptr null, ptr %v268
  %v818 = load ptr, ptr %v285
  call void @pb.release(ptr %v818)
  store ptr null, ptr %v285
  %v819 = load ptr, ptr %v337
  call void @pb.release(ptr %v819)
  store ptr null, ptr %v337
  %v820 = load ptr, ptr %v354
  call void @pb.release(ptr %v820)
  store ptr null, ptr %v354
  %v821 = load ptr, ptr %v406
  call void @pb.release(ptr %v821)
  store ptr null, ptr %v406
  %v822 = load ptr, ptr %v428
  call void @pb.release(ptr %v822)
  store ptr null, ptr %v428
  %v823 = add nsw i64 %v217, 1
  %v824 = icmp slt i64 %v823, %v149
  br i1 %v824, label %loop.6, label %done.6, !llvm.loop !0
done.6:
  %v825 = load double, ptr %v148
  %v827 = call i64 @llvm.smax.i64(i64 %p5, i64 0)
  %v828 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 8, i64 %v827)
  %v829 = extractvalue { i64, i1 } %v828, 0
  %v830 = extractvalue { i64, i1 } %v828, 1
  %v831 = or i1 %v830, false
  %v832 = call i64 @llvm.smax.i64(i64 %p6, i64 0)
  %v833 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 %v829, i64 %v832)
  %v834 = extractvalue { i64, i1 } %v833, 0
  %v835 = extractvalue { i64, i1 } %v833, 1
  %v836 = or i1 %v835, %v831
  %v837 = select i1 %v836, i64 -1, i64 %v834
  br i1 %v836, label %fail.25, label %fine.25
fail.25:
  %v838 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v838
  %v839 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v839
  %v840 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v837, ptr %v840
  %v841 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v841
  br label %exit
fine.25:
  %v842 = call ptr @pb.allocate(i64 %v834)
  %v843 = icmp eq ptr %v842, null
  br i1 %v843, label %fail.26, label %fine.26
fail.26:
  %v844 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v844
  %v845 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v845
  %v846 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v837, ptr %v846
  %v847 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v847
  br label %exit
fine.26:
  call void @llvm.memset.p0.i64(ptr %v842, i8 0, i64 %v834, i1 false)
  store ptr %v842, ptr %v826
  %v849 = call i64 @llvm.smax.i64(i64 %p5, i64 0)
  %v850 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 8, i64 %v849)
  %v851 = extractvalue { i64, i1 } %v850, 0
  %v852 = extractvalue { i64, i1 } %v850, 1
  %v853 = or i1 %v852, false
  %v854 = call i64 @llvm.smax.i64(i64 %p6, i64 0)
  %v855 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 %v851, i64 %v854)
  %v856 = extractvalue { i64, i1 } %v855, 0
  %v857 = extractvalue { i64, i1 } %v855, 1
  %v858 = or i1 %v857, %v853
  %v859 = select i1 %v858, i64 -1, i64 %v856
  br i1 %v858, label %fail.27, label %fine.27
fail.27:
  %v860 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v860
  %v861 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v861
  %v862 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v859, ptr %v862
  %v863 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v863
  br label %exit
fine.27:
  %v864 = call ptr @pb.allocate(i64 %v856)
  %v865 = icmp eq ptr %v864, null
  br i1 %v865, label %fail.28, label %fine.28
fail.28:
  %v866 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v866
  %v867 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v867
  %v868 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v859, ptr %v868
  %v869 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v869
  br label %exit
fine.28:
  store ptr %v864, ptr %v848
  %v871 = call i64 @llvm.smax.i64(i64 %p5, i64 0)
  %v872 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 8, i64 %v871)
  %v873 = extractvalue { i64, i1 } %v872, 0
  %v874 = extractvalue { i64, i1 } %v872, 1
  %v875 = or i1 %v874, false
  %v876 = call i64 @llvm.smax.i64(i64 %p6, i64 0)
  %v877 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 %v873, i64 %v876)
  %v878 = extractvalue { i64, i1 } %v877, 0
  %v879 = extractvalue { i64, i1 } %v877, 1
  %v880 = or i1 %v879, %v875
  %v881 = select i1 %v880, i64 -1, i64 %v878
  br i1 %v880, label %fail.29, label %fine.29
fail.29:
  %v882 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v882
  %v883 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v883
  %v884 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v881, ptr %v884
  %v885 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v885
  br label %exit
fine.29:
  %v886 = call ptr @pb.allocate(i64 %v878)
  %v887 = icmp eq ptr %v886, null
  br i1 %v887, label %fail.30, label %fine.30
fail.30:
  %v888 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v888
  %v889 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v889
  %v890 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v881, ptr %v890
  %v891 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v891
  br label %exit
fine.30:
  call void @llvm.memset.p0.i64(ptr %v886, i8 0, i64 %v878, i1 false)
  store ptr %v886, ptr %v870
  %v893 = call i64 @llvm.smax.i64(i64 %p5, i64 0)
  %v894 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 8, i64 %v893)
  %v895 = extractvalue { i64, i1 } %v894, 0
  %v896 = extractvalue { i64, i1 } %v894, 1
  %v897 = or i1 %v896, false
  %v898 = call i64 @llvm.smax.i64(i64 %p6, i64 0)
  %v899 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 %v895, i64 %v898)
  %v900 = extractvalue { i64, i1 } %v899, 0
  %v901 = extractvalue { i64, i1 } %v899, 1
  %v902 = or i1 %v901, %v897
  %v903 = select i1 %v902, i64 -1, i64 %v900
  br i1 %v902, label %fail.31, label %fine.31
fail.31:
  %v904 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v904
  %v905 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v905
  %v906 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v903, ptr %v906
  %v907 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v907
  br label %exit
fine.31:
  %v908 = call ptr @pb.allocate(i64 %v900)
  %v909 = icmp eq ptr %v908, null
  br i1 %v909, label %fail.32, label %fine.32
fail.32:
  %v910 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v910
  %v911 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v911
  %v912 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v903, ptr %v912
  %v913 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v913
  br label %exit
fine.32:
  store ptr %v908, ptr %v892
  %v914 = mul i64 %p6, %p7
  %v915 = sub i64 %v914, %p6
  %v916 = sitofp i64 %v915 to double
  %v917 = fdiv double 0x3FF0000000000000, %v916
  %v918 = fneg double %v917
  store double %v918, ptr %v919
  %v920 = call i64 @llvm.smax.i64(i64 %p5, i64 0)
  %v921 = mul i64 %v920, 1
  %v922 = call i64 @llvm.smax.i64(i64 2, i64 0)
  %v923 = mul i64 %v922, %v921
  %v924 = call i64 @llvm.smax.i64(i64 4, i64 0)
  %v925 = mul i64 %v924, %v923
  %v926 = call i64 @llvm.smax.i64(i64 %p6, i64 0)
  %v927 = mul i64 %v926, %v925
  %v928 = mul i64 %v927, 8
  call void @llvm.memset.p0.i64(ptr %p9, i8 0, i64 %v928, i1 false)
  %v929 = call i64 @llvm.smax.i64(i64 3, i64 0)
  %v930 = mul i64 %v929, 1
  %v931 = call i64 @llvm.smax.i64(i64 %p6, i64 0)
  %v932 = mul i64 %v931, %v930
  %v933 = mul i64 %v932, 8
  call void @llvm.memset.p0.i64(ptr %p10, i8 0, i64 %v933, i1 false)
  %v934 = icmp slt i64 0, %v149
  br i1 %v934, label %loop.24, label %done.24
loop.24:
  %v935 = phi i64 [ 0, %fine.32 ], [ %v2178, %done.47 ]
  %v936 = sub i64 %v149, %v935
  %v937 = sub i64 %v936, 1
  %v938 = load double, ptr %v919
  %v940 = call i64 @llvm.smax.i64(i64 %p6, i64 0)
  %v941 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 8, i64 %v940)
  %v942 = extractvalue { i64, i1 } %v941, 0
  %v943 = extractvalue { i64, i1 } %v941, 1
  %v944 = or i1 %v943, false
  %v945 = select i1 %v944, i64 -1, i64 %v942
  br i1 %v944, label %fail.33, label %fine.33
fail.33:
  %v946 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v946
  %v947 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v947
  %v948 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v945, ptr %v948
  %v949 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v949
  br label %exit
fine.33:
  %v950 = call ptr @pb.allocate(i64 %v942)
  %v951 = icmp eq ptr %v950, null
  br i1 %v951, label %fail.34, label %fine.34
fail.34:
  %v952 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v952
  %v953 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v953
  %v954 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v945, ptr %v954
  %v955 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v955
  br label %exit
fine.34:
  store ptr %v950, ptr %v939
  %v957 = call i64 @llvm.smax.i64(i64 %p6, i64 0)
  %v958 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 8, i64 %v957)
  %v959 = extractvalue { i64, i1 } %v958, 0
  %v960 = extractvalue { i64, i1 } %v958, 1
  %v961 = or i1 %v960, false
  %v962 = select i1 %v961, i64 -1, i64 %v959
  br i1 %v961, label %fail.35, label %fine.35
fail.35:
  %v963 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v963
  %v964 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v964
  %v965 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v962, ptr %v965
  %v966 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v966
  br label %exit
fine.35:
  %v967 = call ptr @pb.allocate(i64 %v959)
  %v968 = icmp eq ptr %v967, null
  br i1 %v968, label %fail.36, label %fine.36
fail.36:
  %v969 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v969
  %v970 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v970
  %v971 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v962, ptr %v971
  %v972 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v972
  br label %exit
fine.36:
  store ptr %v967, ptr %v956
  %v973 = and i64 %p6, -4
  %v974 = call i64 @llvm.smax.i64(i64 %v973, i64 0)
  %v975 = icmp slt i64 0, %v974
  br i1 %v975, label %loop.25, label %done.25
loop.25:
  %v976 = phi i64 [ 0, %fine.36 ], [ %v991, %loop.25 ]
  %v977 = insertelement <4 x i64> poison, i64 %v976, i64 0
  %v978 = shufflevector <4 x i64> %v977, <4 x i64> poison, <4 x i32> zeroinitializer
  %v979 = add <4 x i64> %v978, <i64 0, i64 1, i64 2, i64 3>
  %v980 = mul i64 %v937, %p6
  %v981 = add i64 %v980, %v976
  %v982 = getelementptr inbounds double, ptr %p4, i64 %v981
  %v983 = load <4 x double>, ptr %v982, align 8
  %v984 = mul i64 0, %p6
  %v985 = add i64 %v984, %v976
  %v986 = getelementptr inbounds double, ptr %p1, i64 %v985
  %v987 = load <4 x double>, ptr %v986, align 8
  %v988 = fmul contract <4 x double> %v983, %v987
  %v989 = load ptr, ptr %v939
  %v990 = getelementptr inbounds double, ptr %v989, i64 %v976
  store <4 x double> %v988, ptr %v990, align 8
  %v991 = add nsw i64 %v976, 4
  %v992 = icmp slt i64 %v991, %v974
  br i1 %v992, label %loop.25, label %done.25
done.25:
  %v993 = icmp slt i64 %v974, %p6
  br i1 %v993, label %loop.26, label %done.26
loop.26:
  %v994 = phi i64 [ %v974, %done.25 ], [ %v1006, %loop.26 ]
  %v995 = mul i64 %v937, %p6
  %v996 = add i64 %v995, %v994
  %v997 = getelementptr inbounds double, ptr %p4, i64 %v996
  %v998 = load double, ptr %v997, align 8
  %v999 = mul i64 0, %p6
  %v1000 = add i64 %v999, %v994
  %v1001 = getelementptr inbounds double, ptr %p1, i64 %v1000
  %v1002 = load double, ptr %v1001, align 8
  %v1003 = fmul contract double %v998, %v1002
  %v1004 = load ptr, ptr %v939
  %v1005 = getelementptr inbounds double, ptr %v1004, i64 %v994
  store double %v1003, ptr %v1005, align 8
  %v1006 = add nsw i64 %v994, 1
  %v1007 = icmp slt i64 %v1006, %p6
  br i1 %v1007, label %loop.26, label %done.26, !llvm.loop !0
done.26:
  %v1009 = call i64 @llvm.smax.i64(i64 %p6, i64 0)
  %v1010 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 8, i64 %v1009)
  %v1011 = extractvalue { i64, i1 } %v1010, 0
  %v1012 = extractvalue { i64, i1 } %v1010, 1
  %v1013 = or i1 %v1012, false
  %v1014 = select i1 %v1013, i64 -1, i64 %v1011
  br i1 %v1013, label %fail.37, label %fine.37
fail.37:
  %v1015 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v1015
  %v1016 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v1016
  %v1017 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v1014, ptr %v1017
  %v1018 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v1018
  br label %exit
fine.37:
  %v1019 = call ptr @pb.allocate(i64 %v1011)
  %v1020 = icmp eq ptr %v1019, null
  br i1 %v1020, label %fail.38, label %fine.38
fail.38:
  %v1021 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v1021
  %v1022 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v1022
  %v1023 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v1014, ptr %v1023
  %v1024 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v1024
  br label %exit
fine.38:
  store ptr %v1019, ptr %v1008
  %v1026 = call i64 @llvm.smax.i64(i64 %p6, i64 0)
  %v1027 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 8, i64 %v1026)
  %v1028 = extractvalue { i64, i1 } %v1027, 0
  %v1029 = extractvalue { i64, i1 } %v1027, 1
  %v1030 = or i1 %v1029, false
  %v1031 = select i1 %v1030, i64 -1, i64 %v1028
  br i1 %v1030, label %fail.39, label %fine.39
fail.39:
  %v1032 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v1032
  %v1033 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v1033
  %v1034 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v1031, ptr %v1034
  %v1035 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v1035
  br label %exit
fine.39:
  %v1036 = call ptr @pb.allocate(i64 %v1028)
  %v1037 = icmp eq ptr %v1036, null
  br i1 %v1037, label %fail.40, label %fine.40
fail.40:
  %v1038 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v1038
  %v1039 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v1039
  %v1040 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v1031, ptr %v1040
  %v1041 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v1041
  br label %exit
fine.40:
  store ptr %v1036, ptr %v1025
  %v1042 = and i64 %p6, -4
  %v1043 = call i64 @llvm.smax.i64(i64 %v1042, i64 0)
  %v1044 = icmp slt i64 0, %v1043
  br i1 %v1044, label %loop.27, label %done.27
loop.27:
  %v1045 = phi i64 [ 0, %fine.40 ], [ %v1060, %loop.27 ]
  %v1046 = insertelement <4 x i64> poison, i64 %v1045, i64 0
  %v1047 = shufflevector <4 x i64> %v1046, <4 x i64> poison, <4 x i32> zeroinitializer
  %v1048 = add <4 x i64> %v1047, <i64 0, i64 1, i64 2, i64 3>
  %v1049 = mul i64 %v937, %p6
  %v1050 = add i64 %v1049, %v1045
  %v1051 = getelementptr inbounds double, ptr %p4, i64 %v1050
  %v1052 = load <4 x double>, ptr %v1051, align 8
  %v1053 = mul i64 0, %p6
  %v1054 = add i64 %v1053, %v1045
  %v1055 = getelementptr inbounds double, ptr %p1, i64 %v1054
  %v1056 = load <4 x double>, ptr %v1055, align 8
  %v1057 = fmul contract <4 x double> %v1052, %v1056
  %v1058 = load ptr, ptr %v1008
  %v1059 = getelementptr inbounds double, ptr %v1058, i64 %v1045
  store <4 x double> %v1057, ptr %v1059, align 8
  %v1060 = add nsw i64 %v1045, 4
  %v1061 = icmp slt i64 %v1060, %v1043
  br i1 %v1061, label %loop.27, label %done.27
done.27:
  %v1062 = icmp slt i64 %v1043, %p6
  br i1 %v1062, label %loop.28, label %done.28
loop.28:
  %v1063 = phi i64 [ %v1043, %done.27 ], [ %v1075, %loop.28 ]
  %v1064 = mul i64 %v937, %p6
  %v1065 = add i64 %v1064, %v1063
  %v1066 = getelementptr inbounds double, ptr %p4, i64 %v1065
  %v1067 = load double, ptr %v1066, align 8
  %v1068 = mul i64 0, %p6
  %v1069 = add i64 %v1068, %v1063
  %v1070 = getelementptr inbounds double, ptr %p1, i64 %v1069
  %v1071 = load double, ptr %v1070, align 8
  %v1072 = fmul contract double %v1067, %v1071
  %v1073 = load ptr, ptr %v1008
  %v1074 = getelementptr inbounds double, ptr %v1073, i64 %v1063
  store double %v1072, ptr %v1074, align 8
  %v1075 = add nsw i64 %v1063, 1
  %v1076 = icmp slt i64 %v1075, %p6
  br i1 %v1076, label %loop.28, label %done.28, !llvm.loop !0
done.28:
  %v1078 = call i64 @llvm.smax.i64(i64 %p5, i64 0)
  %v1079 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 8, i64 %v1078)
  %v1080 = extractvalue { i64, i1 } %v1079, 0
  %v1081 = extractvalue { i64, i1 } %v1079, 1
  %v1082 = or i1 %v1081, false
  %v1083 = call i64 @llvm.smax.i64(i64 %p6, i64 0)
  %v1084 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 %v1080, i64 %v1083)
  %v1085 = extractvalue { i64, i1 } %v1084, 0
  %v1086 = extractvalue { i64, i1 } %v1084, 1
  %v1087 = or i1 %v1086, %v1082
  %v1088 = select i1 %v1087, i64 -1, i64 %v1085
  br i1 %v1087, label %fail.41, label %fine.41
fail.41:
  %v1089 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v1089
  %v1090 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v1090
  %v1091 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v1088, ptr %v1091
  %v1092 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v1092
  br label %exit
fine.41:
  %v1093 = call ptr @pb.allocate(i64 %v1085)
  %v1094 = icmp eq ptr %v1093, null
  br i1 %v1094, label %fail.42, label %fine.42
fail.42:
  %v1095 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v1095
  %v1096 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v1096
  %v1097 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v1088, ptr %v1097
  %v1098 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v1098
  br label %exit
fine.42:
  store ptr %v1093, ptr %v1077
  %v1100 = call i64 @llvm.smax.i64(i64 %p5, i64 0)
  %v1101 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 8, i64 %v1100)
  %v1102 = extractvalue { i64, i1 } %v1101, 0
  %v1103 = extractvalue { i64, i1 } %v1101, 1
  %v1104 = or i1 %v1103, false
  %v1105 = call i64 @llvm.smax.i64(i64 %p6, i64 0)
  %v1106 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 %v1102, i64 %v1105)
  %v1107 = extractvalue { i64, i1 } %v1106, 0
  %v1108 = extractvalue { i64, i1 } %v1106, 1
  %v1109 = or i1 %v1108, %v1104
  %v1110 = select i1 %v1109, i64 -1, i64 %v1107
  br i1 %v1109, label %fail.43, label %fine.43
fail.43:
  %v1111 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v1111
  %v1112 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v1112
  %v1113 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v1110, ptr %v1113
  %v1114 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v1114
  br label %exit
fine.43:
  %v1115 = call ptr @pb.allocate(i64 %v1107)
  %v1116 = icmp eq ptr %v1115, null
  br i1 %v1116, label %fail.44, label %fine.44
fail.44:
  %v1117 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v1117
  %v1118 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v1118
  %v1119 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v1110, ptr %v1119
  %v1120 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v1120
  br label %exit
fine.44:
  store ptr %v1115, ptr %v1099
  %v1121 = icmp slt i64 0, %p5
  br i1 %v1121, label %loop.29, label %done.29
loop.29:
  %v1122 = phi i64 [ 0, %fine.44 ], [ %v1310, %done.31 ]
  %v1123 = and i64 %p6, -4
  %v1124 = call i64 @llvm.smax.i64(i64 %v1123, i64 0)
  %v1125 = icmp slt i64 0, %v1124
  br i1 %v1125, label %loop.30, label %done.30
loop.30:
  %v1126 = phi i64 [ 0, %loop.29 ], [ %v1215, %loop.30 ]
  %v1127 = insertelement <4 x i64> poison, i64 %v1126, i64 0
  %v1128 = shufflevector <4 x i64> %v1127, <4 x i64> poison, <4 x i32> zeroinitializer
  %v1129 = add <4 x i64> %v1128, <i64 0, i64 1, i64 2, i64 3>
  %v1130 = load ptr, ptr %v939
  %v1131 = getelementptr inbounds double, ptr %v1130, i64 %v1126
  %v1132 = load <4 x double>, ptr %v1131, align 8
  %v1133 = mul i64 %v1122, 2
  %v1134 = add i64 %v1133, 0
  %v1135 = mul i64 %v1134, 4
  %v1136 = add i64 %v1135, 2
  %v1137 = mul i64 %v1136, %p6
  %v1138 = add i64 %v1137, %v1126
  %v1139 = getelementptr inbounds double, ptr %p0, i64 %v1138
  %v1140 = load <4 x double>, ptr %v1139, align 8
  %v1141 = fmul contract <4 x double> %v1132, %v1140
  %v1142 = add i64 %v1133, 1
  %v1143 = mul i64 %v1142, 4
  %v1144 = add i64 %v1143, 2
  %v1145 = mul i64 %v1144, %p6
  %v1146 = add i64 %v1145, %v1126
  %v1147 = getelementptr inbounds double, ptr %p0, i64 %v1146
  %v1148 = load <4 x double>, ptr %v1147, align 8
  %v1149 = fadd contract <4 x double> %v1141, %v1148
  %v1150 = call <4 x double> @pb.sigmoid.f64x4(<4 x double> %v1149)
  %v1151 = add i64 %v1143, 1
  %v1152 = mul i64 %v1151, %p6
  %v1153 = add i64 %v1152, %v1126
  %v1154 = getelementptr inbounds double, ptr %p0, i64 %v1153
  %v1155 = load <4 x double>, ptr %v1154, align 8
  %v1156 = add i64 %v1135, 1
  %v1157 = mul i64 %v1156, %p6
  %v1158 = add i64 %v1157, %v1126
  %v1159 = getelementptr inbounds double, ptr %p0, i64 %v1158
  %v1160 = load <4 x double>, ptr %v1159, align 8
  %v1161 = mul i64 %v937, %p5
  %v1162 = add i64 %v1161, %v1122
  %v1163 = mul i64 %v1162, %p6
  %v1164 = add i64 %v1163, %v1126
  %v1165 = load ptr, ptr %v150
  %v1166 = getelementptr inbounds double, ptr %v1165, i64 %v1164
  %v1167 = load <4 x double>, ptr %v1166, align 8
  %v1168 = fmul contract <4 x double> %v1160, %v1167
  %v1169 = fadd contract <4 x double> %v1155, %v1168
  %v1170 = call <4 x double> @pb.sigmoid.f64x4(<4 x double> %v1169)
  %v1171 = add i64 %v1143, 3
  %v1172 = mul i64 %v1171, %p6
  %v1173 = add i64 %v1172, %v1126
  %v1174 = getelementptr inbounds double, ptr %p0, i64 %v1173
  %v1175 = load <4 x double>, ptr %v1174, align 8
  %v1176 = add i64 %v1135, 3
  %v1177 = mul i64 %v1176, %p6
  %v1178 = add i64 %v1177, %v1126
  %v1179 = getelementptr inbounds double, ptr %p0, i64 %v1178
  %v1180 = load <4 x double>, ptr %v1179, align 8
  %v1181 = fmul contract <4 x double> %v1180, %v1167
  %v1182 = fadd contract <4 x double> %v1175, %v1181
  %v1183 = call <4 x double> @pb.tanh.f64x4(<4 x double> %v1182)
  %v1184 = fmul contract <4 x double> %v1170, %v1183
  %v1185 = add i64 %v1135, 0
  %v1186 = mul i64 %v1185, %p6
  %v1187 = add i64 %v1186, %v1126
  %v1188 = getelementptr inbounds double, ptr %p0, i64 %v1187
  %v1189 = load <4 x double>, ptr %v1188, align 8
  %v1190 = fmul contract <4 x double> %v1132, %v1189
  %v1191 = add i64 %v1143, 0
  %v1192 = mul i64 %v1191, %p6
  %v1193 = add i64 %v1192, %v1126
  %v1194 = getelementptr inbounds double, ptr %p0, i64 %v1193
  %v1195 = load <4 x double>, ptr %v1194, align 8
  %v1196 = fadd contract <4 x double> %v1190, %v1195
  %v1197 = call <4 x double> @pb.sigmoid.f64x4(<4 x double> %v1196)
  %v1198 = load ptr, ptr %v177
  %v1199 = getelementptr inbounds double, ptr %v1198, i64 %v1164
  %v1200 = load <4 x double>, ptr %v1199, align 8
  %v1201 = fmul contract <4 x double> %v1197, %v1200
  %v1202 = fadd contract <4 x double> %v1184, %v1201
  %v1203 = call <4 x double> @pb.tanh.f64x4(<4 x double> %v1202)
  %v1204 = fmul contract <4 x double> %v1150, %v1203
  %v1205 = mul i64 %v1122, %p6
  %v1206 = add i64 %v1205, %v1126
  %v1207 = load ptr, ptr %v1077
  %v1208 = getelementptr inbounds double, ptr %v1207, i64 %v1206
  store <4 x double> %v1204, ptr %v1208, align 8
  %v1209 = load ptr, ptr %v1099
  %v1210 = getelementptr inbounds double, ptr %v1209, i64 %v1206
  store <4 x double> %v1132, ptr %v1210, align 8
  %v1211 = load ptr, ptr %v956
  %v1212 = getelementptr inbounds double, ptr %v1211, i64 %v1126
  store <4 x double> %v1204, ptr %v1212, align 8
  %v1213 = load ptr, ptr %v1025
  %v1214 = getelementptr inbounds double, ptr %v1213, i64 %v1126
  store <4 x double> %v1202, ptr %v1214, align 8
  %v1215 = add nsw i64 %v1126, 4
  %v1216 = icmp slt i64 %v1215, %v1124
  br i1 %v1216, label %loop.30, label %done.30, !llvm.loop !0
done.30:
  %v1217 = icmp slt i64 %v1124, %p6
  br i1 %v1217, label %loop.31, label %done.31
loop.31:
  %v1218 = phi i64 [ %v1124, %done.30 ], [ %v1304, %loop.31 ]
  %v1219 = load ptr, ptr %v939
  %v1220 = getelementptr inbounds double, ptr %v1219, i64 %v1218
  %v1221 = load double, ptr %v1220, align 8
  %v1222 = mul i64 %v1122, 2
  %v1223 = add i64 %v1222, 0
  %v1224 = mul i64 %v1223, 4
  %v1225 = add i64 %v1224, 2
  %v1226 = mul i64 %v1225, %p6
  %v1227 = add i64 %v1226, %v1218
  %v1228 = getelementptr inbounds double, ptr %p0, i64 %v1227
  %v1229 = load double, ptr %v1228, align 8
  %v1230 = fmul contract double %v1221, %v1229
  %v1231 = add i64 %v1222, 1
  %v1232 = mul i64 %v1231, 4
  %v1233 = add i64 %v1232, 2
  %v1234 = mul i64 %v1233, %p6
  %v1235 = add i64 %v1234, %v1218
  %v1236 = getelementptr inbounds double, ptr %p0, i64 %v1235
  %v1237 = load double, ptr %v1236, align 8
  %v1238 = fadd contract double %v1230, %v1237
  %v1239 = call double @pb.sigmoid.f64x1(double %v1238)
  %v1240 = add i64 %v1232, 1
  %v1241 = mul i64 %v1240, %p6
  %v1242 = add i64 %v1241, %v1218
  %v1243 = getelementptr inbounds double, ptr %p0, i64 %v1242
  %v1244 = load double, ptr %v1243, align 8
  %v1245 = add i64 %v1224, 1
  %v1246 = mul i64 %v1245, %p6
  %v1247 = add i64 %v1246, %v1218
  %v1248 = getelementptr inbounds double, ptr %p0, i64 %v1247
  %v1249 = load double, ptr %v1248, align 8
  %v1250 = mul i64 %v937, %p5
  %v1251 = add i64 %v1250, %v1122
  %v1252 = mul i64 %v1251, %p6
  %v1253 = add i64 %v1252, %v1218
  %v1254 = load ptr, ptr %v150
  %v1255 = getelementptr inbounds double, ptr %v1254, i64 %v1253
  %v1256 = load double, ptr %v1255, align 8
  %v1257 = fmul contract double %v1249, %v1256
  %v1258 = fadd contract double %v1244, %v1257
  %v1259 = call double @pb.sigmoid.f64x1(double %v1258)
  %v1260 = add i64 %v1232, 3
  %v1261 = mul i64 %v1260, %p6
  %v1262 = add i64 %v1261, %v1218
  %v1263 = getelementptr inbounds double, ptr %p0, i64 %v1262
  %v1264 = load double, ptr %v1263, align 8
  %v1265 = add i64 %v1224, 3
  %v1266 = mul i64 %v1265, %p6
  %v1267 = add i64 %v1266, %v1218
  %v1268 = getelementptr inbounds double, ptr %p0, i64 %v1267
  %v1269 = load double, ptr %v1268, align 8
  %v1270 = fmul contract double %v1269, %v1256
  %v1271 = fadd contract double %v1264, %v1270
  %v1272 = call double @pb.tanh.f64x1(double %v1271)
  %v1273 = fmul contract double %v1259, %v1272
  %v1274 = add i64 %v1224, 0
  %v1275 = mul i64 %v1274, %p6
  %v1276 = add i64 %v1275, %v1218
  %v1277 = getelementptr inbounds double, ptr %p0, i64 %v1276
  %v1278 = load double, ptr %v1277, align 8
  %v1279 = fmul contract double %v1221, %v1278
  %v1280 = add i64 %v1232, 0
  %v1281 = mul i64 %v1280, %p6
  %v1282 = add i64 %v1281, %v1218
  %v1283 = getelementptr inbounds double, ptr %p0, i64 %v1282
  %v1284 = load double, ptr %v1283, align 8
  %v1285 = fadd contract double %v1279, %v1284
  %v1286 = call double @pb.sigmoid.f64x1(double %v1285)
  %v1287 = load ptr, ptr %v177
  %v1288 = getelementptr inbounds double, ptr %v1287, i64 %v1253
  %v1289 = load double, ptr %v1288, align 8
  %v1290 = fmul contract double %v1286, %v1289
  %v1291 = fadd contract double %v1273, %v1290
  %v1292 = call double @pb.tanh.f64x1(double %v1291)
  %v1293 = fmul contract double %v1239, %v1292
  %v1294 = mul i64 %v1122, %p6
  %v1295 = add i64 %v1294, %v1218
  %v1296 = load ptr, ptr %v1077
  %v1297 = getelementptr inbounds double, ptr %v1296, i64 %v1295
  store double %v1293, ptr %v1297, align 8
  %v1298 = load ptr, ptr %v1099
  %v1299 = getelementptr inbounds double, ptr %v1298, i64 %v1295
  store double %v1221, ptr %v1299, align 8
  %v1300 = load ptr, ptr %v956
  %v1301 = getelementptr inbounds double, ptr %v1300, i64 %v1218
  store double %v1293, ptr %v1301, align 8
  %v1302 = load ptr, ptr %v1025
  %v1303 = getelementptr inbounds double, ptr %v1302, i64 %v1218
  store double %v1291, ptr %v1303, align 8
  %v1304 = add nsw i64 %v1218, 1
  %v1305 = icmp slt i64 %v1304, %p6
  br i1 %v1305, label %loop.31, label %done.31, !llvm.loop !0
done.31:
  %v1306 = load ptr, ptr %v939
  %v1307 = load ptr, ptr %v956
  store ptr %v1307, ptr %v939
  store ptr %v1306, ptr %v956
  %v1308 = load ptr, ptr %v1008
  %v1309 = load ptr, ptr %v1025
  store ptr %v1309, ptr %v1008
  store ptr %v1308, ptr %v1025
  %v1310 = add nsw i64 %v1122, 1
  %v1311 = icmp slt i64 %v1310, %p5
  br i1 %v1311, label %loop.29, label %done.29, !llvm.loop !0
done.29:
  store double 0x0000000000000000, ptr %v1312
  store double 0x0000000000000000, ptr %v1313
  %v1315 = call i64 @llvm.smax.i64(i64 %p6, i64 0)
  %v1316 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 8, i64 %v1315)
  %v1317 = extractvalue { i64, i1 } %v1316, 0
  %v1318 = extractvalue { i64, i1 } %v1316, 1
  %v1319 = or i1 %v1318, false
  %v1320 = select i1 %v1319, i64 -1, i64 %v1317
  br i1 %v1319, label %fail.45, label %fine.45
fail.45:
  %v1321 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v1321
  %v1322 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v1322
  %v1323 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v1320, ptr %v1323
  %v1324 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v1324
  br label %exit
fine.45:
  %v1325 = call ptr @pb.allocate(i64 %v1317)
  %v1326 = icmp eq ptr %v1325, null
  br i1 %v1326, label %fail.46, label %fine.46
fail.46:
  %v1327 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v1327
  %v1328 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v1328
  %v1329 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v1320, ptr %v1329
  %v1330 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v1330
  br label %exit
fine.46:
  store ptr %v1325, ptr %v1314
  %v1331 = and i64 %p6, -4
  %v1332 = call i64 @llvm.smax.i64(i64 %v1331, i64 0)
  store <4 x double> splat (double 0x0000000000000000), ptr %v1333
  store <4 x double> splat (double 0x0000000000000000), ptr %v1334
  %v1335 = icmp slt i64 0, %v1332
  br i1 %v1335, label %loop.32, label %done.32
loop.32:
  %v1336 = phi i64 [ 0, %fine.46 ], [ %v1367, %loop.32 ]
  %v1337 = insertelement <4 x i64> poison, i64 %v1336, i64 0
  %v1338 = shufflevector <4 x i64> %v1337, <4 x i64> poison, <4 x i32> zeroinitializer
  %v1339 = add <4 x i64> %v1338, <i64 0, i64 1, i64 2, i64 3>
  %v1340 = mul i64 2, %p6
  %v1341 = add i64 %v1340, %v1336
  %v1342 = getelementptr inbounds double, ptr %p1, i64 %v1341
  %v1343 = load <4 x double>, ptr %v1342, align 8
  %v1344 = mul i64 1, %p6
  %v1345 = add i64 %v1344, %v1336
  %v1346 = getelementptr inbounds double, ptr %p1, i64 %v1345
  %v1347 = load <4 x double>, ptr %v1346, align 8
  %v1348 = mul i64 %v204, %p6
  %v1349 = add i64 %v1348, %v1336
  %v1350 = load ptr, ptr %v1077
  %v1351 = getelementptr inbounds double, ptr %v1350, i64 %v1349
  %v1352 = load <4 x double>, ptr %v1351, align 8
  %v1353 = fmul contract <4 x double> %v1347, %v1352
  %v1354 = fadd contract <4 x double> %v1343, %v1353
  %v1355 = call <4 x double> @pb.exp.f64x4(<4 x double> %v1354) alwaysinline
  %v1356 = load <4 x double>, ptr %v1333
  %v1357 = fadd contract <4 x double> %v1356, %v1355
  store <4 x double> %v1357, ptr %v1333
  %v1358 = add i64 1, %v937
  %v1359 = mul i64 %v1358, %p6
  %v1360 = add i64 %v1359, %v1336
  %v1361 = getelementptr inbounds double, ptr %p4, i64 %v1360
  %v1362 = load <4 x double>, ptr %v1361, align 8
  %v1363 = load <4 x double>, ptr %v1334
  %v1364 = fadd contract <4 x double> %v1363, %v1362
  store <4 x double> %v1364, ptr %v1334
  %v1365 = load ptr, ptr %v1314
  %v1366 = getelementptr inbounds double, ptr %v1365, i64 %v1336
  store <4 x double> %v1355, ptr %v1366, align 8
  %v1367 = add nsw i64 %v1336, 4
  %v1368 = icmp slt i64 %v1367, %v1332
  br i1 %v1368, label %loop.32, label %done.32, !llvm.loop !0
done.32:
  %v1369 = load <4 x double>, ptr %v1333
  %v1370 = shufflevector <4 x double> %v1369, <4 x double> poison, <2 x i32> <i32 0, i32 1>
  %v1371 = shufflevector <4 x double> %v1369, <4 x double> poison, <2 x i32> <i32 2, i32 3>
  %v1372 = fadd contract <2 x double> %v1370, %v1371
  %v1373 = extractelement <2 x double> %v1372, i64 0
  %v1374 = extractelement <2 x double> %v1372, i64 1
  %v1375 = fadd contract double %v1373, %v1374
  %v1376 = load double, ptr %v1312
  %v1377 = fadd contract double %v1376, %v1375
  store double %v1377, ptr %v1312
  %v1378 = load <4 x double>, ptr %v1334
  %v1379 = shufflevector <4 x double> %v1378, <4 x double> poison, <2 x i32> <i32 0, i32 1>
  %v1380 = shufflevector <4 x double> %v1378, <4 x double> poison, <2 x i32> <i32 2, i32 3>
  %v1381 = fadd contract <2 x double> %v1379, %v1380
  %v1382 = extractelement <2 x double> %v1381, i64 0
  %v1383 = extractelement <2 x double> %v1381, i64 1
  %v1384 = fadd contract double %v1382, %v1383
  %v1385 = load double, ptr %v1313
  %v1386 = fadd contract double %v1385, %v1384
  store double %v1386, ptr %v1313
  %v1387 = icmp slt i64 %v1332, %p6
  br i1 %v1387, label %loop.33, label %done.33
loop.33:
  %v1388 = phi i64 [ %v1332, %done.32 ], [ %v1416, %loop.33 ]
  %v1389 = mul i64 2, %p6
  %v1390 = add i64 %v1389, %v1388
  %v1391 = getelementptr inbounds double, ptr %p1, i64 %v1390
  %v1392 = load double, ptr %v1391, align 8
  %v1393 = mul i64 1, %p6
  %v1394 = add i64 %v1393, %v1388
  %v1395 = getelementptr inbounds double, ptr %p1, i64 %v1394
  %v1396 = load double, ptr %v1395, align 8
  %v1397 = mul i64 %v204, %p6
  %v1398 = add i64 %v1397, %v1388
  %v1399 = load ptr, ptr %v1077
  %v1400 = getelementptr inbounds double, ptr %v1399, i64 %v1398
  %v1401 = load double, ptr %v1400, align 8
  %v1402 = fmul contract double %v1396, %v1401
  %v1403 = fadd contract double %v1392, %v1402
  %v1404 = call double @pb.exp.f64x1(double %v1403)
  %v1405 = load double, ptr %v1312
  %v1406 = fadd contract double %v1405, %v1404
  store double %v1406, ptr %v1312
  %v1407 = add i64 1, %v937
  %v1408 = mul i64 %v1407, %p6
  %v1409 = add i64 %v1408, %v1388
  %v1410 = getelementptr inbounds double, ptr %p4, i64 %v1409
  %v1411 = load double, ptr %v1410, align 8
  %v1412 = load double, ptr %v1313
  %v1413 = fadd contract double %v1412, %v1411
  store double %v1413, ptr %v1313
  %v1414 = load ptr, ptr %v1314
  %v1415 = getelementptr inbounds double, ptr %v1414, i64 %v1388
  store double %v1404, ptr %v1415, align 8
  %v1416 = add nsw i64 %v1388, 1
  %v1417 = icmp slt i64 %v1416, %p6
  br i1 %v1417, label %loop.33, label %done.33, !llvm.loop !0
done.33:
  %v1418 = load double, ptr %v1312
  %v1419 = load double, ptr %v1313
  %v1421 = call i64 @llvm.smax.i64(i64 %p6, i64 0)
  %v1422 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 8, i64 %v1421)
  %v1423 = extractvalue { i64, i1 } %v1422, 0
  %v1424 = extractvalue { i64, i1 } %v1422, 1
  %v1425 = or i1 %v1424, false
  %v1426 = select i1 %v1425, i64 -1, i64 %v1423
  br i1 %v1425, label %fail.47, label %fine.47
fail.47:
  %v1427 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v1427
  %v1428 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v1428
  %v1429 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v1426, ptr %v1429
  %v1430 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v1430
  br label %exit
fine.47:
  %v1431 = call ptr @pb.allocate(i64 %v1423)
  %v1432 = icmp eq ptr %v1431, null
  br i1 %v1432, label %fail.48, label %fine.48
fail.48:
  %v1433 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v1433
  %v1434 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v1434
  %v1435 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v1426, ptr %v1435
  %v1436 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v1436
  br label %exit
fine.48:
  store ptr %v1431, ptr %v1420
  %v1437 = fmul contract double %v938, %v1419
  %v1438 = fneg double %v1437
  %v1439 = fadd contract double 0x4000000000000000, %v1418
  %v1440 = fdiv double %v1438, %v1439
  %v1441 = and i64 %p6, -4
  %v1442 = call i64 @llvm.smax.i64(i64 %v1441, i64 0)
  %v1443 = icmp slt i64 0, %v1442
  br i1 %v1443, label %loop.34, label %done.34
loop.34:
  %v1444 = phi i64 [ 0, %fine.48 ], [ %v1484, %loop.34 ]
  %v1445 = insertelement <4 x i64> poison, i64 %v1444, i64 0
  %v1446 = shufflevector <4 x i64> %v1445, <4 x i64> poison, <4 x i32> zeroinitializer
  %v1447 = add <4 x i64> %v1446, <i64 0, i64 1, i64 2, i64 3>
  %v1448 = mul i64 1, %p6
  %v1449 = add i64 %v1448, %v1444
  %v1450 = getelementptr inbounds double, ptr %p1, i64 %v1449
  %v1451 = load <4 x double>, ptr %v1450, align 8
  %v1452 = add i64 1, %v937
  %v1453 = mul i64 %v1452, %p6
  %v1454 = add i64 %v1453, %v1444
  %v1455 = getelementptr inbounds double, ptr %p4, i64 %v1454
  %v1456 = load <4 x double>, ptr %v1455, align 8
  %v1457 = insertelement <4 x double> poison, double %v938, i64 0
  %v1458 = shufflevector <4 x double> %v1457, <4 x double> poison, <4 x i32> zeroinitializer
  %v1459 = fmul contract <4 x double> %v1458, %v1456
  %v1460 = load ptr, ptr %v1314
  %v1461 = getelementptr inbounds double, ptr %v1460, i64 %v1444
  %v1462 = load <4 x double>, ptr %v1461, align 8
  %v1463 = insertelement <4 x double> poison, double %v1440, i64 0
  %v1464 = shufflevector <4 x double> %v1463, <4 x double> poison, <4 x i32> zeroinitializer
  %v1465 = fmul contract <4 x double> %v1462, %v1464
  %v1466 = fadd contract <4 x double> %v1459, %v1465
  %v1467 = fmul contract <4 x double> %v1451, %v1466
  %v1468 = load ptr, ptr %v1420
  %v1469 = getelementptr inbounds double, ptr %v1468, i64 %v1444
  store <4 x double> %v1467, ptr %v1469, align 8
  %v1470 = mul i64 2, %p6
  %v1471 = add i64 %v1470, %v1444
  %v1472 = getelementptr inbounds double, ptr %p10, i64 %v1471
  %v1473 = load <4 x double>, ptr %v1472, align 8
  %v1474 = fadd contract <4 x double> %v1473, %v1466
  store <4 x double> %v1474, ptr %v1472, align 8
  %v1475 = mul i64 %v204, %p6
  %v1476 = add i64 %v1475, %v1444
  %v1477 = load ptr, ptr %v1077
  %v1478 = getelementptr inbounds double, ptr %v1477, i64 %v1476
  %v1479 = load <4 x double>, ptr %v1478, align 8
  %v1480 = fmul contract <4 x double> %v1479, %v1466
  %v1481 = getelementptr inbounds double, ptr %p10, i64 %v1449
  %v1482 = load <4 x double>, ptr %v1481, align 8
  %v1483 = fadd contract <4 x double> %v1482, %v1480
  store <4 x double> %v1483, ptr %v1481, align 8
  %v1484 = add nsw i64 %v1444, 4
  %v1485 = icmp slt i64 %v1484, %v1442
  br i1 %v1485, label %loop.34, label %done.34, !llvm.loop !0
done.34:
  %v1486 = icmp slt i64 %v1442, %p6
  br i1 %v1486, label %loop.35, label %done.35
loop.35:
  %v1487 = phi i64 [ %v1442, %done.34 ], [ %v1520, %loop.35 ]
  %v1488 = mul i64 1, %p6
  %v1489 = add i64 %v1488, %v1487
  %v1490 = getelementptr inbounds double, ptr %p1, i64 %v1489
  %v1491 = load double, ptr %v1490, align 8
  %v1492 = add i64 1, %v937
  %v1493 = mul i64 %v1492, %p6
  %v1494 = add i64 %v1493, %v1487
  %v1495 = getelementptr inbounds double, ptr %p4, i64 %v1494
  %v1496 = load double, ptr %v1495, align 8
  %v1497 = fmul contract double %v938, %v1496
  %v1498 = load ptr, ptr %v1314
  %v1499 = getelementptr inbounds double, ptr %v1498, i64 %v1487
  %v1500 = load double, ptr %v1499, align 8
  %v1501 = fmul contract double %v1500, %v1440
  %v1502 = fadd contract double %v1497, %v1501
  %v1503 = fmul contract double %v1491, %v1502
  %v1504 = load ptr, ptr %v1420
  %v1505 = getelementptr inbounds double, ptr %v1504, i64 %v1487
  store double %v1503, ptr %v1505, align 8
  %v1506 = mul i64 2, %p6
  %v1507 = add i64 %v1506, %v1487
  %v1508 = getelementptr inbounds double, ptr %p10, i64 %v1507
  %v1509 = load double, ptr %v1508, align 8
  %v1510 = fadd contract double %v1509, %v1502
  store double %v1510, ptr %v1508, align 8
  %v1511 = mul i64 %v204, %p6
  %v1512 = add i64 %v1511, %v1487
  %v1513 = load ptr, ptr %v1077
  %v1514 = getelementptr inbounds double, ptr %v1513, i64 %v1512
  %v1515 = load double, ptr %v1514, align 8
  %v1516 = fmul contract double %v1515, %v1502
  %v1517 = getelementptr inbounds double, ptr %p10, i64 %v1489
  %v1518 = load double, ptr %v1517, align 8
  %v1519 = fadd contract double %v1518, %v1516
  store double %v1519, ptr %v1517, align 8
  %v1520 = add nsw i64 %v1487, 1
  %v1521 = icmp slt i64 %v1520, %p6
  br i1 %v1521, label %loop.35, label %done.35, !llvm.loop !0
done.35:
  %v1523 = call i64 @llvm.smax.i64(i64 %p6, i64 0)
  %v1524 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 8, i64 %v1523)
  %v1525 = extractvalue { i64, i1 } %v1524, 0
  %v1526 = extractvalue { i64, i1 } %v1524, 1
  %v1527 = or i1 %v1526, false
  %v1528 = select i1 %v1527, i64 -1, i64 %v1525
  br i1 %v1527, label %fail.49, label %fine.49
fail.49:
  %v1529 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v1529
  %v1530 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v1530
  %v1531 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v1528, ptr %v1531
  %v1532 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v1532
  br label %exit
fine.49:
  %v1533 = call ptr @pb.allocate(i64 %v1525)
  %v1534 = icmp eq ptr %v1533, null
  br i1 %v1534, label %fail.50, label %fine.50
fail.50:
  %v1535 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v1535
  %v1536 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v1536
  %v1537 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v1528, ptr %v1537
  %v1538 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v1538
  br label %exit
fine.50:
  call void @llvm.memset.p0.i64(ptr %v1533, i8 0, i64 %v1525, i1 false)
  store ptr %v1533, ptr %v1522
  %v1540 = call i64 @llvm.smax.i64(i64 %p6, i64 0)
  %v1541 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 8, i64 %v1540)
  %v1542 = extractvalue { i64, i1 } %v1541, 0
  %v1543 = extractvalue { i64, i1 } %v1541, 1
  %v1544 = or i1 %v1543, false
  %v1545 = select i1 %v1544, i64 -1, i64 %v1542
  br i1 %v1544, label %fail.51, label %fine.51
fail.51:
  %v1546 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v1546
  %v1547 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v1547
  %v1548 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v1545, ptr %v1548
  %v1549 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v1549
  br label %exit
fine.51:
  %v1550 = call ptr @pb.allocate(i64 %v1542)
  %v1551 = icmp eq ptr %v1550, null
  br i1 %v1551, label %fail.52, label %fine.52
fail.52:
  %v1552 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v1552
  %v1553 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v1553
  %v1554 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v1545, ptr %v1554
  %v1555 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v1555
  br label %exit
fine.52:
  store ptr %v1550, ptr %v1539
  %v1557 = call i64 @llvm.smax.i64(i64 %p6, i64 0)
  %v1558 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 8, i64 %v1557)
  %v1559 = extractvalue { i64, i1 } %v1558, 0
  %v1560 = extractvalue { i64, i1 } %v1558, 1
  %v1561 = or i1 %v1560, false
  %v1562 = select i1 %v1561, i64 -1, i64 %v1559
  br i1 %v1561, label %fail.53, label %fine.53
fail.53:
  %v1563 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v1563
  %v1564 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v1564
  %v1565 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v1562, ptr %v1565
  %v1566 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v1566
  br label %exit
fine.53:
  %v1567 = call ptr @pb.allocate(i64 %v1559)
  %v1568 = icmp eq ptr %v1567, null
  br i1 %v1568, label %fail.54, label %fine.54
fail.54:
  %v1569 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v1569
  %v1570 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v1570
  %v1571 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v1562, ptr %v1571
  %v1572 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v1572
  br label %exit
fine.54:
  call void @llvm.memset.p0.i64(ptr %v1567, i8 0, i64 %v1559, i1 false)
  store ptr %v1567, ptr %v1556
  %v1574 = call i64 @llvm.smax.i64(i64 %p6, i64 0)
  %v1575 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 8, i64 %v1574)
  %v1576 = extractvalue { i64, i1 } %v1575, 0
  %v1577 = extractvalue { i64, i1 } %v1575, 1
  %v1578 = or i1 %v1577, false
  %v1579 = select i1 %v1578, i64 -1, i64 %v1576
  br i1 %v1578, label %fail.55, label %fine.55
fail.55:
  %v1580 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v1580
  %v1581 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v1581
  %v1582 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v1579, ptr %v1582
  %v1583 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v1583
  br label %exit
fine.55:
  %v1584 = call ptr @pb.allocate(i64 %v1576)
  %v1585 = icmp eq ptr %v1584, null
  br i1 %v1585, label %fail.56, label %fine.56
fail.56:
  %v1586 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v1586
  %v1587 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v1587
  %v1588 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v1579, ptr %v1588
  %v1589 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v1589
  br label %exit
fine.56:
  store ptr %v1584, ptr %v1573
  %v1591 = call i64 @llvm.smax.i64(i64 %p5, i64 0)
  %v1592 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 8, i64 %v1591)
  %v1593 = extractvalue { i64, i1 } %v1592, 0
  %v1594 = extractvalue { i64, i1 } %v1592, 1
  %v1595 = or i1 %v1594, false
  %v1596 = call i64 @llvm.smax.i64(i64 2, i64 0)
  %v1597 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 %v1593, i64 %v1596)
  %v1598 = extractvalue { i64, i1 } %v1597, 0
  %v1599 = extractvalue { i64, i1 } %v1597, 1
  %v1600 = or i1 %v1599, %v1595
  %v1601 = call i64 @llvm.smax.i64(i64 4, i64 0)
  %v1602 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 %v1598, i64 %v1601)
  %v1603 = extractvalue { i64, i1 } %v1602, 0
  %v1604 = extractvalue { i64, i1 } %v1602, 1
  %v1605 = or i1 %v1604, %v1600
  %v1606 = call i64 @llvm.smax.i64(i64 %p6, i64 0)
  %v1607 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 %v1603, i64 %v1606)
  %v1608 = extractvalue { i64, i1 } %v1607, 0
  %v1609 = extractvalue { i64, i1 } %v1607, 1
  %v1610 = or i1 %v1609, %v1605
  %v1611 = select i1 %v1610, i64 -1, i64 %v1608
  br i1 %v1610, label %fail.57, label %fine.57
fail.57:
  %v1612 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v1612
  %v1613 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v1613
  %v1614 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v1611, ptr %v1614
  %v1615 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v1615
  br label %exit
fine.57:
  %v1616 = call ptr @pb.allocate(i64 %v1608)
  %v1617 = icmp eq ptr %v1616, null
  br i1 %v1617, label %fail.58, label %fine.58
fail.58:
  %v1618 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v1618
  %v1619 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v1619
  %v1620 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v1611, ptr %v1620
  %v1621 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v1621
  br label %exit
fine.58:
  call void @llvm.memset.p0.i64(ptr %v1616, i8 0, i64 %v1608, i1 false)
  store ptr %v1616, ptr %v1590
  %v1623 = call i64 @llvm.smax.i64(i64 %p5, i64 0)
  %v1624 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 8, i64 %v1623)
  %v1625 = extractvalue { i64, i1 } %v1624, 0
  %v1626 = extractvalue { i64, i1 } %v1624, 1
  %v1627 = or i1 %v1626, false
  %v1628 = call i64 @llvm.smax.i64(i64 %p6, i64 0)
  %v1629 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 %v1625, i64 %v1628)
  %v1630 = extractvalue { i64, i1 } %v1629, 0
  %v1631 = extractvalue { i64, i1 } %v1629, 1
  %v1632 = or i1 %v1631, %v1627
  %v1633 = select i1 %v1632, i64 -1, i64 %v1630
  br i1 %v1632, label %fail.59, label %fine.59
fail.59:
  %v1634 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v1634
  %v1635 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v1635
  %v1636 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v1633, ptr %v1636
  %v1637 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v1637
  br label %exit
fine.59:
  %v1638 = call ptr @pb.allocate(i64 %v1630)
  %v1639 = icmp eq ptr %v1638, null
  br i1 %v1639, label %fail.60, label %fine.60
fail.60:
  %v1640 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v1640
  %v1641 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v1641
  %v1642 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v1633, ptr %v1642
  %v1643 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v1643
  br label %exit
fine.60:
  call void @llvm.memset.p0.i64(ptr %v1638, i8 0, i64 %v1630, i1 false)
  store ptr %v1638, ptr %v1622
  %v1645 = call i64 @llvm.smax.i64(i64 %p5, i64 0)
  %v1646 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 8, i64 %v1645)
  %v1647 = extractvalue { i64, i1 } %v1646, 0
  %v1648 = extractvalue { i64, i1 } %v1646, 1
  %v1649 = or i1 %v1648, false
  %v1650 = call i64 @llvm.smax.i64(i64 %p6, i64 0)
  %v1651 = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 %v1647, i64 %v1650)
  %v1652 = extractvalue { i64, i1 } %v1651, 0
  %v1653 = extractvalue { i64, i1 } %v1651, 1
  %v1654 = or i1 %v1653, %v1649
  %v1655 = select i1 %v1654, i64 -1, i64 %v1652
  br i1 %v1654, label %fail.61, label %fine.61
fail.61:
  %v1656 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v1656
  %v1657 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v1657
  %v1658 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v1655, ptr %v1658
  %v1659 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v1659
  br label %exit
fine.61:
  %v1660 = call ptr @pb.allocate(i64 %v1652)
  %v1661 = icmp eq ptr %v1660, null
  br i1 %v1661, label %fail.62, label %fine.62
fail.62:
  %v1662 = getelementptr inbounds i64, ptr %error, i64 0
  store i64 2, ptr %v1662
  %v1663 = getelementptr inbounds i64, ptr %error, i64 1
  store i64 -1, ptr %v1663
  %v1664 = getelementptr inbounds i64, ptr %error, i64 2
  store i64 %v1655, ptr %v1664
  %v1665 = getelementptr inbounds i64, ptr %error, i64 3
  store i64 0, ptr %v1665
  br label %exit
fine.62:
  call void @llvm.memset.p0.i64(ptr %v1660, i8 0, i64 %v1652, i1 false)
  store ptr %v1660, ptr %v1644
  %v1666 = icmp slt i64 0, %p5
  br i1 %v1666, label %loop.36, label %done.36
loop.36:
  %v1667 = phi i64 [ 0, %fine.62 ], [ %v2032, %done.38 ]
  %v1668 = sub i64 %p5, %v1667
  %v1669 = sub i64 %v1668, 1
  %v1670 = load ptr, ptr %v1573
  %v1671 = call i64 @llvm.smax.i64(i64 %p6, i64 0)
  %v1672 = mul i64 %v1671, 1
  %v1673 = mul i64 %v1672, 8
  call void @llvm.memset.p0.i64(ptr %v1670, i8 0, i64 %v1673, i1 false)
  %v1674 = icmp eq i64 %v1669, %v204
  %v1675 = and i64 %p6, -4
  %v1676 = call i64 @llvm.smax.i64(i64 %v1675, i64 0)
  %v1677 = icmp slt i64 0, %v1676
  br i1 %v1677, label %loop.37, label %done.37
loop.37:
  %v1678 = phi i64 [ 0, %loop.36 ], [ %v1853, %loop.37 ]
  %v1679 = insertelement <4 x i64> poison, i64 %v1678, i64 0
  %v1680 = shufflevector <4 x i64> %v1679, <4 x i64> poison, <4 x i32> zeroinitializer
  %v1681 = add <4 x i64> %v1680, <i64 0, i64 1, i64 2, i64 3>
  %v1682 = mul i64 %v1669, 2
  %v1683 = add i64 %v1682, 1
  %v1684 = mul i64 %v1683, 4
  %v1685 = add i64 %v1684, 1
  %v1686 = mul i64 %v1685, %p6
  %v1687 = add i64 %v1686, %v1678
  %v1688 = getelementptr inbounds double, ptr %p0, i64 %v1687
  %v1689 = load <4 x double>, ptr %v1688, align 8
  %v1690 = add i64 %v1682, 0
  %v1691 = mul i64 %v1690, 4
  %v1692 = add i64 %v1691, 1
  %v1693 = mul i64 %v1692, %p6
  %v1694 = add i64 %v1693, %v1678
  %v1695 = getelementptr inbounds double, ptr %p0, i64 %v1694
  %v1696 = load <4 x double>, ptr %v1695, align 8
  %v1697 = mul i64 %v937, %p5
  %v1698 = add i64 %v1697, %v1669
  %v1699 = mul i64 %v1698, %p6
  %v1700 = add i64 %v1699, %v1678
  %v1701 = load ptr, ptr %v150
  %v1702 = getelementptr inbounds double, ptr %v1701, i64 %v1700
  %v1703 = load <4 x double>, ptr %v1702, align 8
  %v1704 = fmul contract <4 x double> %v1696, %v1703
  %v1705 = fadd contract <4 x double> %v1689, %v1704
  %v1706 = call <4 x double> @pb.sigmoid.f64x4(<4 x double> %v1705)
  %v1707 = mul i64 %v1669, %p6
  %v1708 = add i64 %v1707, %v1678
  %v1709 = load ptr, ptr %v870
  %v1710 = getelementptr inbounds double, ptr %v1709, i64 %v1708
  %v1711 = load <4 x double>, ptr %v1710, align 8
  %v1712 = load ptr, ptr %v1556
  %v1713 = getelementptr inbounds double, ptr %v1712, i64 %v1678
  %v1714 = load <4 x double>, ptr %v1713, align 8
  %v1715 = fadd contract <4 x double> %v1711, %v1714
  %v1716 = load ptr, ptr %v1522
  %v1717 = getelementptr inbounds double, ptr %v1716, i64 %v1678
  %v1718 = load <4 x double>, ptr %v1717, align 8
  %v1719 = load ptr, ptr %v826
  %v1720 = getelementptr inbounds double, ptr %v1719, i64 %v1708
  %v1721 = load <4 x double>, ptr %v1720, align 8
  %v1722 = load ptr, ptr %v1420
  %v1723 = getelementptr inbounds double, ptr %v1722, i64 %v1678
  %v1724 = load <4 x double>, ptr %v1723, align 8
  %v1725 = insertelement <4 x i1> poison, i1 %v1674, i64 0
  %v1726 = shufflevector <4 x i1> %v1725, <4 x i1> poison, <4 x i32> zeroinitializer
  %v1727 = select <4 x i1> %v1726, <4 x double> %v1724, <4 x double> splat (double 0x0000000000000000)
  %v1728 = fadd contract <4 x double> %v1721, %v1727
  %v1729 = fadd contract <4 x double> %v1718, %v1728
  %v1730 = add i64 %v1684, 2
  %v1731 = mul i64 %v1730, %p6
  %v1732 = add i64 %v1731, %v1678
  %v1733 = getelementptr inbounds double, ptr %p0, i64 %v1732
  %v1734 = load <4 x double>, ptr %v1733, align 8
  %v1735 = add i64 %v1691, 2
  %v1736 = mul i64 %v1735, %p6
  %v1737 = add i64 %v1736, %v1678
  %v1738 = getelementptr inbounds double, ptr %p0, i64 %v1737
  %v1739 = load <4 x double>, ptr %v1738, align 8
  %v1740 = load ptr, ptr %v1099
  %v1741 = getelementptr inbounds double, ptr %v1740, i64 %v1708
  %v1742 = load <4 x double>, ptr %v1741, align 8
  %v1743 = fmul contract <4 x double> %v1739, %v1742
  %v1744 = fadd contract <4 x double> %v1734, %v1743
  %v1745 = call <4 x double> @pb.sigmoid.f64x4(<4 x double> %v1744)
  %v1746 = fmul contract <4 x double> %v1729, %v1745
  %v1747 = add i64 %v1684, 3
  %v1748 = mul i64 %v1747, %p6
  %v1749 = add i64 %v1748, %v1678
  %v1750 = getelementptr inbounds double, ptr %p0, i64 %v1749
  %v1751 = load <4 x double>, ptr %v1750, align 8
  %v1752 = add i64 %v1691, 3
  %v1753 = mul i64 %v1752, %p6
  %v1754 = add i64 %v1753, %v1678
  %v1755 = getelementptr inbounds double, ptr %p0, i64 %v1754
  %v1756 = load <4 x double>, ptr %v1755, align 8
  %v1757 = fmul contract <4 x double> %v1756, %v1703
  %v1758 = fadd contract <4 x double> %v1751, %v1757
  %v1759 = call <4 x double> @pb.tanh.f64x4(<4 x double> %v1758)
  %v1760 = fmul contract <4 x double> %v1706, %v1759
  %v1761 = load ptr, ptr %v177
  %v1762 = getelementptr inbounds double, ptr %v1761, i64 %v1700
  %v1763 = load <4 x double>, ptr %v1762, align 8
  %v1764 = add i64 %v1684, 0
  %v1765 = mul i64 %v1764, %p6
  %v1766 = add i64 %v1765, %v1678
  %v1767 = getelementptr inbounds double, ptr %p0, i64 %v1766
  %v1768 = load <4 x double>, ptr %v1767, align 8
  %v1769 = add i64 %v1691, 0
  %v1770 = mul i64 %v1769, %p6
  %v1771 = add i64 %v1770, %v1678
  %v1772 = getelementptr inbounds double, ptr %p0, i64 %v1771
  %v1773 = load <4 x double>, ptr %v1772, align 8
  %v1774 = fmul contract <4 x double> %v1773, %v1742
  %v1775 = fadd contract <4 x double> %v1768, %v1774
  %v1776 = call <4 x double> @pb.sigmoid.f64x4(<4 x double> %v1775)
  %v1777 = fmul contract <4 x double> %v1763, %v1776
  %v1778 = fadd contract <4 x double> %v1760, %v1777
  %v1779 = call <4 x double> @pb.tanh.f64x4(<4 x double> %v1778)
  %v1780 = fmul contract <4 x double> %v1779, %v1779
  %v1781 = fsub contract <4 x double> splat (double 0x3FF0000000000000), %v1780
  %v1782 = fmul contract <4 x double> %v1746, %v1781
  %v1783 = fadd contract <4 x double> %v1715, %v1782
  %v1784 = fmul contract <4 x double> %v1706, %v1783
  %v1785 = fmul contract <4 x double> %v1759, %v1759
  %v1786 = fsub contract <4 x double> splat (double 0x3FF0000000000000), %v1785
  %v1787 = fmul contract <4 x double> %v1784, %v1786
  %v1788 = load ptr, ptr %v1590
  %v1789 = getelementptr inbounds double, ptr %v1788, i64 %v1749
  %v1790 = load <4 x double>, ptr %v1789, align 8
  %v1791 = fadd contract <4 x double> %v1790, %v1787
  store <4 x double> %v1791, ptr %v1789, align 8
  %v1792 = fmul contract <4 x double> %v1779, %v1729
  %v1793 = fsub contract <4 x double> splat (double 0x3FF0000000000000), %v1745
  %v1794 = fmul contract <4 x double> %v1745, %v1793
  %v1795 = fmul contract <4 x double> %v1792, %v1794
  %v1796 = load ptr, ptr %v1590
  %v1797 = getelementptr inbounds double, ptr %v1796, i64 %v1732
  %v1798 = load <4 x double>, ptr %v1797, align 8
  %v1799 = fadd contract <4 x double> %v1798, %v1795
  store <4 x double> %v1799, ptr %v1797, align 8
  %v1800 = fmul contract <4 x double> %v1759, %v1783
  %v1801 = fsub contract <4 x double> splat (double 0x3FF0000000000000), %v1706
  %v1802 = fmul contract <4 x double> %v1706, %v1801
  %v1803 = fmul contract <4 x double> %v1800, %v1802
  %v1804 = load ptr, ptr %v1590
  %v1805 = getelementptr inbounds double, ptr %v1804, i64 %v1687
  %v1806 = load <4 x double>, ptr %v1805, align 8
  %v1807 = fadd contract <4 x double> %v1806, %v1803
  store <4 x double> %v1807, ptr %v1805, align 8
  %v1808 = fmul contract <4 x double> %v1763, %v1783
  %v1809 = fsub contract <4 x double> splat (double 0x3FF0000000000000), %v1776
  %v1810 = fmul contract <4 x double> %v1776, %v1809
  %v1811 = fmul contract <4 x double> %v1808, %v1810
  %v1812 = load ptr, ptr %v1590
  %v1813 = getelementptr inbounds double, ptr %v1812, i64 %v1766
  %v1814 = load <4 x double>, ptr %v1813, align 8
  %v1815 = fadd contract <4 x double> %v1814, %v1811
  store <4 x double> %v1815, ptr %v1813, align 8
  %v1816 = fmul contract <4 x double> %v1703, %v1787
  %v1817 = load ptr, ptr %v1590
  %v1818 = getelementptr inbounds double, ptr %v1817, i64 %v1754
  %v1819 = load <4 x double>, ptr %v1818, align 8
  %v1820 = fadd contract <4 x double> %v1819, %v1816
  store <4 x double> %v1820, ptr %v1818, align 8
  %v1821 = fmul contract <4 x double> %v1742, %v1795
  %v1822 = load ptr, ptr %v1590
  %v1823 = getelementptr inbounds double, ptr %v1822, i64 %v1737
  %v1824 = load <4 x double>, ptr %v1823, align 8
  %v1825 = fadd contract <4 x double> %v1824, %v1821
  store <4 x double> %v1825, ptr %v1823, align 8
  %v1826 = fmul contract <4 x double> %v1703, %v1803
  %v1827 = load ptr, ptr %v1590
  %v1828 = getelementptr inbounds double, ptr %v1827, i64 %v1694
  %v1829 = load <4 x double>, ptr %v1828, align 8
  %v1830 = fadd contract <4 x double> %v1829, %v1826
  store <4 x double> %v1830, ptr %v1828, align 8
  %v1831 = fmul contract <4 x double> %v1742, %v1811
  %v1832 = load ptr, ptr %v1590
  %v1833 = getelementptr inbounds double, ptr %v1832, i64 %v1771
  %v1834 = load <4 x double>, ptr %v1833, align 8
  %v1835 = fadd contract <4 x double> %v1834, %v1831
  store <4 x double> %v1835, ptr %v1833, align 8
  %v1836 = fmul contract <4 x double> %v1756, %v1787
  %v1837 = fmul contract <4 x double> %v1696, %v1803
  %v1838 = fadd contract <4 x double> %v1836, %v1837
  %v1839 = load ptr, ptr %v1622
  %v1840 = getelementptr inbounds double, ptr %v1839, i64 %v1708
  %v1841 = load <4 x double>, ptr %v1840, align 8
  %v1842 = fadd contract <4 x double> %v1841, %v1838
  store <4 x double> %v1842, ptr %v1840, align 8
  %v1843 = fmul contract <4 x double> %v1776, %v1783
  %v1844 = load ptr, ptr %v1644
  %v1845 = getelementptr inbounds double, ptr %v1844, i64 %v1708
  %v1846 = load <4 x double>, ptr %v1845, align 8
  %v1847 = fadd contract <4 x double> %v1846, %v1843
  store <4 x double> %v1847, ptr %v1845, align 8
  %v1848 = fmul contract <4 x double> %v1739, %v1795
  %v1849 = fmul contract <4 x double> %v1773, %v1811
  %v1850 = fadd contract <4 x double> %v1848, %v1849
  %v1851 = load ptr, ptr %v1539
  %v1852 = getelementptr inbounds double, ptr %v1851, i64 %v1678
  store <4 x double> %v1850, ptr %v1852, align 8
  %v1853 = add nsw i64 %v1678, 4
  %v1854 = icmp slt i64 %v1853, %v1676
  br i1 %v1854, label %loop.37, label %done.37, !llvm.loop !0
done.37:
  %v1855 = icmp slt i64 %v1676, %p6
  br i1 %v1855, label %loop.38, label %done.38
loop.38:
  %v1856 = phi i64 [ %v1676, %done.37 ], [ %v2026, %loop.38 ]
  %v1857 = mul i64 %v1669, 2
  %v1858 = add i64 %v1857, 1
  %v1859 = mul i64 %v1858, 4
  %v1860 = add i64 %v1859, 1
  %v1861 = mul i64 %v1860, %p6
  %v1862 = add i64 %v1861, %v1856
  %v1863 = getelementptr inbounds double, ptr %p0, i64 %v1862
  %v1864 = load double, ptr %v1863, align 8
  %v1865 = add i64 %v1857, 0
  %v1866 = mul i64 %v1865, 4
  %v1867 = add i64 %v1866, 1
  %v1868 = mul i64 %v1867, %p6
  %v1869 = add i64 %v1868, %v1856
  %v1870 = getelementptr inbounds double, ptr %p0, i64 %v1869
  %v1871 = load double, ptr %v1870, align 8
  %v1872 = mul i64 %v937, %p5
  %v1873 = add i64 %v1872, %v1669
  %v1874 = mul i64 %v1873, %p6
  %v1875 = add i64 %v1874, %v1856
  %v1876 = load ptr, ptr %v150
  %v1877 = getelementptr inbounds double, ptr %v1876, i64 %v1875
  %v1878 = load double, ptr %v1877, align 8
  %v1879 = fmul contract double %v1871, %v1878
  %v1880 = fadd contract double %v1864, %v1879
  %v1881 = call double @pb.sigmoid.f64x1(double %v1880)
  %v1882 = mul i64 %v1669, %p6
  %v1883 = add i64 %v1882, %v1856
  %v1884 = load ptr, ptr %v870
  %v1885 = getelementptr inbounds double, ptr %v1884, i64 %v1883
  %v1886 = load double, ptr %v1885, align 8
  %v1887 = load ptr, ptr %v1556
  %v1888 = getelementptr inbounds double, ptr %v1887, i64 %v1856
  %v1889 = load double, ptr %v1888, align 8
  %v1890 = fadd contract double %v1886, %v1889
  %v1891 = load ptr, ptr %v1522
  %v1892 = getelementptr inbounds double, ptr %v1891, i64 %v1856
  %v1893 = load double, ptr %v1892, align 8
  %v1894 = load ptr, ptr %v826
  %v1895 = getelementptr inbounds double, ptr %v1894, i64 %v1883
  %v1896 = load double, ptr %v1895, align 8
  %v1897 = load ptr, ptr %v1420
  %v1898 = getelementptr inbounds double, ptr %v1897, i64 %v1856
  %v1899 = load double, ptr %v1898, align 8
  %v1900 = select i1 %v1674, double %v1899, double 0x0000000000000000
  %v1901 = fadd contract double %v1896, %v1900
  %v1902 = fadd contract double %v1893, %v1901
  %v1903 = add i64 %v1859, 2
  %v1904 = mul i64 %v1903, %p6
  %v1905 = add i64 %v1904, %v1856
  %v1906 = getelementptr inbounds double, ptr %p0, i64 %v1905
  %v1907 = load double, ptr %v1906, align 8
  %v1908 = add i64 %v1866, 2
  %v1909 = mul i64 %v1908, %p6
  %v1910 = add i64 %v1909, %v1856
  %v1911 = getelementptr inbounds double, ptr %p0, i64 %v1910
  %v1912 = load double, ptr %v1911, align 8
  %v1913 = load ptr, ptr %v1099
  %v1914 = getelementptr inbounds double, ptr %v1913, i64 %v1883
  %v1915 = load double, ptr %v1914, align 8
  %v1916 = fmul contract double %v1912, %v1915
  %v1917 = fadd contract double %v1907, %v1916
  %v1918 = call double @pb.sigmoid.f64x1(double %v1917)
  %v1919 = fmul contract double %v1902, %v1918
  %v1920 = add i64 %v1859, 3
  %v1921 = mul i64 %v1920, %p6
  %v1922 = add i64 %v1921, %v1856
  %v1923 = getelementptr inbounds double, ptr %p0, i64 %v1922
  %v1924 = load double, ptr %v1923, align 8
  %v1925 = add i64 %v1866, 3
  %v1926 = mul i64 %v1925, %p6
  %v1927 = add i64 %v1926, %v1856
  %v1928 = getelementptr inbounds double, ptr %p0, i64 %v1927
  %v1929 = load double, ptr %v1928, align 8
  %v1930 = fmul contract double %v1929, %v1878
  %v1931 = fadd contract double %v1924, %v1930
  %v1932 = call double @pb.tanh.f64x1(double %v1931)
  %v1933 = fmul contract double %v1881, %v1932
  %v1934 = load ptr, ptr %v177
  %v1935 = getelementptr inbounds double, ptr %v1934, i64 %v1875
  %v1936 = load double, ptr %v1935, align 8
  %v1937 = add i64 %v1859, 0
  %v1938 = mul i64 %v1937, %p6
  %v1939 = add i64 %v1938, %v1856
  %v1940 = getelementptr inbounds double, ptr %p0, i64 %v1939
  %v1941 = load double, ptr %v1940, align 8
  %v1942 = add i64 %v1866, 0
  %v1943 = mul i64 %v1942, %p6
  %v1944 = add i64 %v1943, %v1856
  %v1945 = getelementptr inbounds double, ptr %p0, i64 %v1944
  %v1946 = load double, ptr %v1945, align 8
  %v1947 = fmul contract double %v1946, %v1915
  %v1948 = fadd contract double %v1941, %v1947
  %v1949 = call double @pb.sigmoid.f64x1(double %v1948)
  %v1950 = fmul contract double %v1936, %v1949
  %v1951 = fadd contract double %v1933, %v1950
  %v1952 = call double @pb.tanh.f64x1(double %v1951)
  %v1953 = fmul contract double %v1952, %v1952
  %v1954 = fsub contract double 0x3FF0000000000000, %v1953
  %v1955 = fmul contract double %v1919, %v1954
  %v1956 = fadd contract double %v1890, %v1955
  %v1957 = fmul contract double %v1881, %v1956
  %v1958 = fmul contract double %v1932, %v1932
  %v1959 = fsub contract double 0x3FF0000000000000, %v1958
  %v1960 = fmul contract double %v1957, %v1959
  %v1961 = load ptr, ptr %v1590
  %v1962 = getelementptr inbounds double, ptr %v1961, i64 %v1922
  %v1963 = load double, ptr %v1962, align 8
  %v1964 = fadd contract double %v1963, %v1960
  store double %v1964, ptr %v1962, align 8
  %v1965 = fmul contract double %v1952, %v1902
  %v1966 = fsub contract double 0x3FF0000000000000, %v1918
  %v1967 = fmul contract double %v1918, %v1966
  %v1968 = fmul contract double %v1965, %v1967
  %v1969 = load ptr, ptr %v1590
  %v1970 = getelementptr inbounds double, ptr %v1969, i64 %v1905
  %v1971 = load double, ptr %v1970, align 8
  %v1972 = fadd contract double %v1971, %v1968
  store double %v1972, ptr %v1970, align 8
  %v1973 = fmul contract double %v1932, %v1956
  %v1974 = fsub contract double 0x3FF0000000000000, %v1881
  %v1975 = fmul contract double %v1881, %v1974
  %v1976 = fmul contract double %v1973, %v1975
  %v1977 = load ptr, ptr %v1590
  %v1978 = getelementptr inbounds double, ptr %v1977, i64 %v1862
  %v1979 = load double, ptr %v1978, align 8
  %v1980 = fadd contract double %v1979, %v1976
  store double %v1980, ptr %v1978, align 8
  %v1981 = fmul contract double %v1936, %v1956
  %v1982 = fsub contract double 0x3FF0000000000000, %v1949
  %v1983 = fmul contract double %v1949, %v1982
  %v1984 = fmul contract double %v1981, %v1983
  %v1985 = load ptr, ptr %v1590
  %v1986 = getelementptr inbounds double, ptr %v1985, i64 %v1939
  %v1987 = load double, ptr %v1986, align 8
  %v1988 = fadd contract double %v1987, %v1984
  store double %v1988, ptr %v1986, align 8
  %v1989 = fmul contract double %v1878, %v1960
  %v1990 = load ptr, ptr %v1590
  %v1991 = getelementptr inbounds double, ptr %v1990, i64 %v1927
  %v1992 = load double, ptr %v1991, align 8
  %v1993 = fadd contract double %v1992, %v1989
  store double %v1993, ptr %v1991, align 8
  %v1994 = fmul contract double %v1915, %v1968
  %v1995 = load ptr, ptr %v1590
  %v1996 = getelementptr inbounds double, ptr %v1995, i64 %v1910
  %v1997 = load double, ptr %v1996, align 8
  %v1998 = fadd contract double %v1997, %v1994
  store double %v1998, ptr %v1996, align 8
  %v1999 = fmul contract double %v1878, %v1976
  %v2000 = load ptr, ptr %v1590
  %v2001 = getelementptr inbounds double, ptr %v2000, i64 %v1869
  %v2002 = load double, ptr %v2001, align 8
  %v2003 = fadd contract double %v2002, %v1999
  store double %v2003, ptr %v2001, align 8
  %v2004 = fmul contract double %v1915, %v1984
  %v2005 = load ptr, ptr %v1590
  %v2006 = getelementptr inbounds double, ptr %v2005, i64 %v1944
  %v2007 = load double, ptr %v2006, align 8
  %v2008 = fadd contract double %v2007, %v2004
  store double %v2008, ptr %v2006, align 8
  %v2009 = fmul contract double %v1929, %v1960
  %v2010 = fmul contract double %v1871, %v1976
  %v2011 = fadd contract double %v2009, %v2010
  %v2012 = load ptr, ptr %v1622
  %v2013 = getelementptr inbounds double, ptr %v2012, i64 %v1883
  %v2014 = load double, ptr %v2013, align 8
  %v2015 = fadd contract double %v2014, %v2011
  store double %v2015, ptr %v2013, align 8
  %v2016 = fmul contract double %v1949, %v1956
  %v2017 = load ptr, ptr %v1644
  %v2018 = getelementptr inbounds double, ptr %v2017, i64 %v1883
  %v2019 = load double, ptr %v2018, align 8
  %v2020 = fadd contract double %v2019, %v2016
  store double %v2020, ptr %v2018, align 8
  %v2021 = fmul contract double %v1912, %v1968
  %v2022 = fmul contract double %v1946, %v1984
  %v2023 = fadd contract double %v2021, %v2022
  %v2024 = load ptr, ptr %v1539
  %v2025 = getelementptr inbounds double, ptr %v2024, i64 %v1856
  store double %v2023, ptr %v2025, align 8
  %v2026 = add nsw i64 %v1856, 1
  %v2027 = icmp slt i64 %v2026, %p6
  br i1 %v2027, label %loop.38, label %done.38, !llvm.loop !0
done.38:
  %v2028 = load ptr, ptr %v1522
  %v2029 = load ptr, ptr %v1539
  store ptr %v2029, ptr %v1522
  store ptr %v2028, ptr %v1539
  %v2030 = load ptr, ptr %v1556
  %v2031 = load ptr, ptr %v1573
  store ptr %v2031, ptr %v1556
  store ptr %v2030, ptr %v1573
  %v2032 = add nsw i64 %v1667, 1
  %v2033 = icmp slt i64 %v2032, %p5
  br i1 %v2033, label %loop.36, label %done.36, !llvm.loop !0
done.36:
  %v2034 = icmp slt i64 0, %p5
  br i1 %v2034, label %loop.39, label %done.39
loop.39:
  %v2035 = phi i64 [ 0, %done.36 ], [ %v2118, %done.45 ]
  %v2036 = icmp slt i64 0, 2
  br i1 %v2036, label %loop.40, label %done.40
loop.40:
  %v2037 = phi i64 [ 0, %loop.39 ], [ %v2079, %done.41 ]
  %v2038 = icmp slt i64 0, 4
  br i1 %v2038, label %loop.41, label %done.41
loop.41:
  %v2039 = phi i64 [ 0, %loop.40 ], [ %v2077, %done.43 ]
  %v2040 = and i64 %p6, -4
  %v2041 = call i64 @llvm.smax.i64(i64 %v2040, i64 0)
  %v2042 = icmp slt i64 0, %v2041
  br i1 %v2042, label %loop.42, label %done.42
loop.42:
  %v2043 = phi i64 [ 0, %loop.41 ], [ %v2059, %loop.42 ]
  %v2044 = insertelement <4 x i64> poison, i64 %v2043, i64 0
  %v2045 = shufflevector <4 x i64> %v2044, <4 x i64> poison, <4 x i32> zeroinitializer
  %v2046 = add <4 x i64> %v2045, <i64 0, i64 1, i64 2, i64 3>
  %v2047 = mul i64 %v2035, 2
  %v2048 = add i64 %v2047, %v2037
  %v2049 = mul i64 %v2048, 4
  %v2050 = add i64 %v2049, %v2039
  %v2051 = mul i64 %v2050, %p6
  %v2052 = add i64 %v2051, %v2043
  %v2053 = load ptr, ptr %v1590
  %v2054 = getelementptr inbounds double, ptr %v2053, i64 %v2052
  %v2055 = load <4 x double>, ptr %v2054, align 8
  %v2056 = getelementptr inbounds double, ptr %p9, i64 %v2052
  %v2057 = load <4 x double>, ptr %v2056, align 8
  %v2058 = fadd contract <4 x double> %v2057, %v2055
  store <4 x double> %v2058, ptr %v2056, align 8
  %v2059 = add nsw i64 %v2043, 4
  %v2060 = icmp slt i64 %v2059, %v2041
  br i1 %v2060, label %loop.42, label %done.42
done.42:
  %v2061 = icmp slt i64 %v2041, %p6
  br i1 %v2061, label %loop.43, label %done.43
loop.43:
  %v2062 = phi i64 [ %v2041, %done.42 ], [ %v2075, %loop.43 ]
  %v2063 = mul i64 %v2035, 2
  %v2064 = add i64 %v2063, %v2037
  %v2065 = mul i64 %v2064, 4
  %v2066 = add i64 %v2065, %v2039
  %v2067 = mul i64 %v2066, %p6
  %v2068 = add i64 %v2067, %v2062
  %v2069 = load ptr, ptr %v1590
  %v2070 = getelementptr inbounds double, ptr %v2069, i64 %v2068
  %v2071 = load double, ptr %v2070, align 8
  %v2072 = getelementptr inbounds double, ptr %p9, i64 %v2068
  %v2073 = load double, ptr %v2072, align 8
  %v2074 = fadd contract double %v2073, %v2071
  store double %v2074, ptr %v2072, align 8
  %v2075 = add nsw i64 %v2062, 1
  %v2076 = icmp slt i64 %v2075, %p6
  br i1 %v2076, label %loop.43, label %done.43, !llvm.loop !0
done.43:
  %v2077 = add nsw i64 %v2039, 1
  %v2078 = icmp slt i64 %v2077, 4
  br i1 %v2078, label %loop.41, label %done.41, !llvm.loop !0
done.41:
  %v2079 = add nsw i64 %v2037, 1
  %v2080 = icmp slt i64 %v2079, 2
  br i1 %v2080, label %loop.40, label %done.40, !llvm.loop !0
done.40:
  %v2081 = and i64 %p6, -4
  %v2082 = call i64 @llvm.smax.i64(i64 %v2081, i64 0)
  %v2083 = icmp slt i64 0, %v2082
  br i1 %v2083, label %loop.44, label %done.44
loop.44:
  %v2084 = phi i64 [ 0, %done.40 ], [ %v2100, %loop.44 ]
  %v2085 = insertelement <4 x i64> poison, i64 %v2084, i64 0
  %v2086 = shufflevector <4 x i64> %v2085, <4 x i64> poison, <4 x i32> zeroinitializer
  %v2087 = add <4 x i64> %v2086, <i64 0, i64 1, i64 2, i64 3>
  %v2088 = mul i64 %v2035, %p6
  %v2089 = add i64 %v2088, %v2084
  %v2090 = load ptr, ptr %v1622
  %v2091 = getelementptr inbounds double, ptr %v2090, i64 %v2089
  %v2092 = load <4 x double>, ptr %v2091, align 8
  %v2093 = load ptr, ptr %v848
  %v2094 = getelementptr inbounds double, ptr %v2093, i64 %v2089
  store <4 x double> %v2092, ptr %v2094, align 8
  %v2095 = load ptr, ptr %v1644
  %v2096 = getelementptr inbounds double, ptr %v2095, i64 %v2089
  %v2097 = load <4 x double>, ptr %v2096, align 8
  %v2098 = load ptr, ptr %v892
  %v2099 = getelementptr inbounds double, ptr %v2098, i64 %v2089
  store <4 x double> %v2097, ptr %v2099, align 8
  %v2100 = add nsw i64 %v2084, 4
  %v2101 = icmp slt i64 %v2100, %v2082
  br i1 %v2101, label %loop.44, label %done.44
done.44:
  %v2102 = icmp slt i64 %v2082, %p6
  br i1 %v2102, label %loop.45, label %done.45
loop.45:
  %v2103 = phi i64 [ %v2082, %done.44 ], [ %v2116, %loop.45 ]
  %v2104 = mul i64 %v2035, %p6
  %v2105 = add i64 %v2104, %v2103
  %v2106 = load ptr, ptr %v1622
  %v2107 = getelementptr inbounds double, ptr %v2106, i64 %v2105
  %v2108 = load double, ptr %v2107, align 8
  %v2109 = load ptr, ptr %v848
  %v2110 = getelementptr inbounds double, ptr %v2109, i64 %v2105
  store double %v2108, ptr %v2110, align 8
  %v2111 = load ptr, ptr %v1644
  %v2112 = getelementptr inbounds double, ptr %v2111, i64 %v2105
  %v2113 = load double, ptr %v2112, align 8
  %v2114 = load ptr, ptr %v892
  %v2115 = getelementptr inbounds double, ptr %v2114, i64 %v2105
  store double %v2113, ptr %v2115, align 8
  %v2116 = add nsw i64 %v2103, 1
  %v2117 = icmp slt i64 %v2116, %p6
  br i1 %v2117, label %loop.45, label %done.45, !llvm.loop !0
done.45:
  %v2118 = add nsw i64 %v2035, 1
  %v2119 = icmp slt i64 %v2118, %p5
  br i1 %v2119, label %loop.39, label %done.39, !llvm.loop !0
done.39:
  %v2120 = and i64 %p6, -4
  %v2121 = call i64 @llvm.smax.i64(i64 %v2120, i64 0)
  %v2122 = icmp slt i64 0, %v2121
  br i1 %v2122, label %loop.46, label %done.46
loop.46:
  %v2123 = phi i64 [ 0, %done.39 ], [ %v2140, %loop.46 ]
  %v2124 = insertelement <4 x i64> poison, i64 %v2123, i64 0
  %v2125 = shufflevector <4 x i64> %v2124, <4 x i64> poison, <4 x i32> zeroinitializer
  %v2126 = add <4 x i64> %v2125, <i64 0, i64 1, i64 2, i64 3>
  %v2127 = mul i64 %v937, %p6
  %v2128 = add i64 %v2127, %v2123
  %v2129 = getelementptr inbounds double, ptr %p4, i64 %v2128
  %v2130 = load <4 x double>, ptr %v2129, align 8
  %v2131 = load ptr, ptr %v1522
  %v2132 = getelementptr inbounds double, ptr %v2131, i64 %v2123
  %v2133 = load <4 x double>, ptr %v2132, align 8
  %v2134 = fmul contract <4 x double> %v2130, %v2133
  %v2135 = mul i64 0, %p6
  %v2136 = add i64 %v2135, %v2123
  %v2137 = getelementptr inbounds double, ptr %p10, i64 %v2136
  %v2138 = load <4 x double>, ptr %v2137, align 8
  %v2139 = fadd contract <4 x double> %v2138, %v2134
  store <4 x double> %v2139, ptr %v2137, align 8
  %v2140 = add nsw i64 %v2123, 4
  %v2141 = icmp slt i64 %v2140, %v2121
  br i1 %v2141, label %loop.46, label %done.46
done.46:
  %v2142 = icmp slt i64 %v2121, %p6
  br i1 %v2142, label %loop.47, label %done.47
loop.47:
  %v2143 = phi i64 [ %v2121, %done.46 ], [ %v2157, %loop.47 ]
  %v2144 = mul i64 %v937, %p6
  %v2145 = add i64 %v2144, %v2143
  %v2146 = getelementptr inbounds double, ptr %p4, i64 %v2145
  %v2147 = load double, ptr %v2146, align 8
  %v2148 = load ptr, ptr %v1522
  %v2149 = getelementptr inbounds double, ptr %v2148, i64 %v2143
  %v2150 = load double, ptr %v2149, align 8
  %v2151 = fmul contract double %v2147, %v2150
  %v2152 = mul i64 0, %p6
  %v2153 = add i64 %v2152, %v2143
  %v2154 = getelementptr inbounds double, ptr %p10, i64 %v2153
  %v2155 = load double, ptr %v2154, align 8
  %v2156 = fadd contract double %v2155, %v2151
  store double %v2156, ptr %v2154, align 8
  %v2157 = add nsw i64 %v2143, 1
  %v2158 = icmp slt i64 %v2157, %p6
  br i1 %v2158, label %loop.47, label %done.47, !llvm.loop !0
done.47:
  store double %v938, ptr %v919
  %v2159 = load ptr, ptr %v826
  %v2160 = load ptr, ptr %v848
  store ptr %v2160, ptr %v826
  store ptr %v2159, ptr %v848
  %v2161 = load ptr, ptr %v870
  %v2162 = load ptr, ptr %v892
  store ptr %v2162, ptr %v870
  store ptr %v2161, ptr %v892
  %v2163 = load ptr, ptr %v939
  call void @pb.release(ptr %v2163)
  store ptr null, ptr %v939
  %v2164 = load ptr, ptr %v956
  call void @pb.release(ptr %v2164)
  store ptr null, ptr %v956
  %v2165 = load ptr, ptr %v1008
  call void @pb.release(ptr %v2165)
  store ptr null, ptr %v1008
  %v2166 = load ptr, ptr %v1025
  call void @pb.release(ptr %v2166)
  store ptr null, ptr %v1025
  %v2167 = load ptr, ptr %v1077
  call void @pb.release(ptr %v2167)
  store ptr null, ptr %v1077
  %v2168 = load ptr, ptr %v1099
  call void @pb.release(ptr %v2168)
  store ptr null, ptr %v1099
  %v2169 = load ptr, ptr %v1314
  call void @pb.release(ptr %v2169)
  store ptr null, ptr %v1314
  %v2170 = load ptr, ptr %v1420
  call void @pb.release(ptr %v2170)
  store ptr null, ptr %v1420
  %v2171 = load ptr, ptr %v1522
  call void @pb.release(ptr %v2171)
  store ptr null, ptr %v1522
  %v2172 = load ptr, ptr %v1539
  call void @pb.release(ptr %v2172)
  store ptr null, ptr %v1539
  %v2173 = load ptr, ptr %v1556
  call void @pb.release(ptr %v2173)
  store ptr null, ptr %v1556
  %v2174 = load ptr, ptr %v1573
  call void @pb.release(ptr %v2174)
  store ptr null, ptr %v1573
  %v2175 = load ptr, ptr %v1590
  call void @pb.release(ptr %v2175)
  store ptr null, ptr %v1590
  %v2176 = load ptr, ptr %v1622
  call void @pb.release(ptr %v2176)
  store ptr null, ptr %v1622
  %v2177 = load ptr, ptr %v1644
  call void @pb.release(ptr %v2177)
  store ptr null, ptr %v1644
  %v2178 = add nsw i64 %v935, 1
  %v2179 = icmp slt i64 %v2178, %v149
  br i1 %v2179, label %loop.24, label %done.24, !llvm.loop !0
done.24:
  %v2180 = load double, ptr %v919
  %v2181 = fneg double %v825
  %v2182 = fdiv double %v2181, %v916
  store double %v2182, ptr %v1
  %v2183 = load double, ptr %v1
  store double %v2183, ptr %p8, align 8
  br label %exit
exit:
  %v2184 = phi i32 [ 1, %fail ], [ 1, %fail.1 ], [ 1, %fail.2 ], [ 1, %fail.3 ], [ 1, %fail.4 ], [ 1, %fail.5 ], [ 1, %fail.6 ], [ 1, %fail.7 ], [ 1, %fail.8 ], [ 1, %fail.9 ], [ 1, %fail.10 ], [ 1, %fail.11 ], [ 1, %fail.12 ], [ 1, %fail.13 ], [ 1, %fail.14 ], [ 1, %fail.15 ], [ 1, %fail.16 ], [ 1, %fail.17 ], [ 1, %fail.18 ], [ 1, %fail.19 ], [ 1, %fail.20 ], [ 1, %fail.21 ], [ 1, %fail.22 ], [ 1, %fail.23 ], [ 1, %fail.24 ], [ 1, %fail.25 ], [ 1, %fail.26 ], [ 1, %fail.27 ], [ 1, %fail.28 ], [ 1, %fail.29 ], [ 1, %fail.30 ], [ 1, %fail.31 ], [ 1, %fail.32 ], [ 1, %fail.33 ], [ 1, %fail.34 ], [ 1, %fail.35 ], [ 1, %fail.36 ], [ 1, %fail.37 ], [ 1, %fail.38 ], [ 1, %fail.39 ], [ 1, %fail.40 ], [ 1, %fail.41 ], [ 1, %fail.42 ], [ 1, %fail.43 ], [ 1, %fail.44 ], [ 1, %fail.45 ], [ 1, %fail.46 ], [ 1, %fail.47 ], [ 1, %fail.48 ], [ 1, %fail.49 ], [ 1, %fail.50 ], [ 1, %fail.51 ], [ 1, %fail.52 ], [ 1, %fail.53 ], [ 1, %fail.54 ], [ 1, %fail.55 ], [ 1, %fail.56 ], [ 1, %fail.57 ], [ 1, %fail.58 ], [ 1, %fail.59 ], [ 1, %fail.60 ], [ 1, %fail.61 ], [ 1, %fail.62 ], [ 0, %done.24 ]
  %v2185 = load ptr, ptr %v2
  call void @pb.release(ptr %v2185)
  %v2186 = load ptr, ptr %v24
  call void @pb.release(ptr %v2186)
  %v2187 = load ptr, ptr %v75
  call void @pb.release(ptr %v2187)
  %v2188 = load ptr, ptr %v97
  call void @pb.release(ptr %v2188)
  %v2189 = load ptr, ptr %v150
  call void @pb.release(ptr %v2189)
  %v2190 = load ptr, ptr %v177
  call void @pb.release(ptr %v2190)
  %v2191 = load ptr, ptr %v268
  call void @pb.release(ptr %v2191)
  %v2192 = load ptr, ptr %v285
  call void @pb.release(ptr %v2192)
  %v2193 = load ptr, ptr %v337
  call void @pb.release(ptr %v2193)
  %v2194 = load ptr, ptr %v354
  call void @pb.release(ptr %v2194)
  %v2195 = load ptr, ptr %v406
  call void @pb.release(ptr %v2195)
  %v2196 = load ptr, ptr %v428
  call void @pb.release(ptr %v2196)
  %v2197 = load ptr, ptr %v826
  call void @pb.release(ptr %v2197)
  %v2198 = load ptr, ptr %v848
  call void @pb.release(ptr %v2198)
  %v2199 = load ptr, ptr %v870
  call void @pb.release(ptr %v2199)
  %v2200 = load ptr, ptr %v892
  call void @pb.release(ptr %v2200)
  %v2201 = load ptr, ptr %v939
  call void @pb.release(ptr %v2201)
  %v2202 = load ptr, ptr %v956
  call void @pb.release(ptr %v2202)
  %v2203 = load ptr, ptr %v1008
  call void @pb.release(ptr %v2203)
  %v2204 = load ptr, ptr %v1025
  call void @pb.release(ptr %v2204)
  %v2205 = load ptr, ptr %v1077
  call void @pb.release(ptr %v2205)
  %v2206 = load ptr, ptr %v1099
  call void @pb.release(ptr %v2206)
  %v2207 = load ptr, ptr %v1314
  call void @pb.release(ptr %v2207)
  %v2208 = load ptr, ptr %v1420
  call void @pb.release(ptr %v2208)
  %v2209 = load ptr, ptr %v1522
  call void @pb.release(ptr %v2209)
  %v2210 = load ptr, ptr %v1539
  call void @pb.release(ptr %v2210)
  %v2211 = load ptr, ptr %v1556
  call void @pb.release(ptr %v2211)
  %v2212 = load ptr, ptr %v1573
  call void @pb.release(ptr %v2212)
  %v2213 = load ptr, ptr %v1590
  call void @pb.release(ptr %v2213)
  %v2214 = load ptr, ptr %v1622
  call void @pb.release(ptr %v2214)
  %v2215 = load ptr, ptr %v1644
  call void @pb.release(ptr %v2215)
  ret i32 %v2184
}

define internal double @pb.exp.f64x1(double %x) noinline nounwind {
entry:
  %v1 = fcmp ogt double %x, 0x4086300000000000
  %v2 = select i1 %v1, double 0x4086300000000000, double %x
  %v3 = fcmp olt double %v2, 0xC087500000000000
  %v4 = select i1 %v3, double 0xC087500000000000, double %v2
  %v5 = call double @llvm.fmuladd.f64(double %v4, double 0x3FF71547652B82FE, double 0x4338000000000000)
  %v6 = bitcast double %v5 to i64
  %v7 = sub i64 %v6, 4843621399236968448
  %v8 = fsub double %v5, 0x4338000000000000
  %v9 = call double @llvm.fmuladd.f64(double %v8, double 0xBFE62E42FEE00000, double %v4)
  %v10 = fmul double %v8, 0xBDEA39EF35793C76
  %v11 = fadd double %v9, %v10
  %v12 = call double @llvm.fmuladd.f64(double 0x3E5AEAAF9F2256ED, double %v11, double 0x3E928916799EDAFC)
  %v13 = call double @llvm.fmuladd.f64(double %v12, double %v11, double 0x3EC71DE5A3E92986)
  %v14 = call double @llvm.fmuladd.f64(double %v13, double %v11, double 0x3EFA019B929C397F)
  %v15 = call double @llvm.fmuladd.f64(double %v14, double %v11, double 0x3F2A01A018C303A5)
  %v16 = call double @llvm.fmuladd.f64(double %v15, double %v11, double 0x3F56C16C1788346E)
  %v17 = call double @llvm.fmuladd.f64(double %v16, double %v11, double 0x3F8111111111448D)
  %v18 = call double @llvm.fmuladd.f64(double %v17, double %v11, double 0x3FA5555555553D7D)
  %v19 = call double @llvm.fmuladd.f64(double %v18, double %v11, double 0x3FC555555555554D)
  %v20 = call double @llvm.fmuladd.f64(double %v19, double %v11, double 0x3FE0000000000001)
  %v21 = fmul double %v11, %v11
  %v22 = call double @llvm.fmuladd.f64(double %v21, double %v20, double %v10)
  %v23 = fadd double %v9, %v22
  %v24 = fadd double %v23, 0x3FF0000000000000
  %v25 = ashr i64 %v7, 1
  %v26 = add i64 %v25, 1023
  %v27 = shl i64 %v26, 52
  %v28 = bitcast i64 %v27 to double
  %v29 = fmul double %v24, %v28
  %v30 = sub i64 %v7, %v25
  %v31 = add i64 %v30, 1023
  %v32 = shl i64 %v31, 52
  %v33 = bitcast i64 %v32 to double
  %v34 = fmul double %v29, %v33
  ret double %v34
}

define internal <4 x double> @pb.exp.f64x4(<4 x double> %x) noinline nounwind {
entry:
  %v1 = fcmp ogt <4 x double> %x, splat (double 0x4086300000000000)
  %v2 = select <4 x i1> %v1, <4 x double> splat (double 0x4086300000000000), <4 x double> %x
  %v3 = fcmp olt <4 x double> %v2, splat (double 0xC087500000000000)
  %v4 = select <4 x i1> %v3, <4 x double> splat (double 0xC087500000000000), <4 x double> %v2
  %v5 = call <4 x double> @llvm.fmuladd.v4f64(<4 x double> %v4, <4 x double> splat (double 0x3FF71547652B82FE), <4 x double> splat (double 0x4338000000000000))
  %v6 = bitcast <4 x double> %v5 to <4 x i64>
  %v7 = sub <4 x i64> %v6, splat (i64 4843621399236968448)
  %v8 = fsub <4 x double> %v5, splat (double 0x4338000000000000)
  %v9 = call <4 x double> @llvm.fmuladd.v4f64(<4 x double> %v8, <4 x double> splat (double 0xBFE62E42FEE00000), <4 x double> %v4)
  %v10 = fmul <4 x double> %v8, splat (double 0xBDEA39EF35793C76)
  %v11 = fadd <4 x double> %v9, %v10
  %v12 = call <4 x double> @llvm.fmuladd.v4f64(<4 x double> splat (double 0x3E5AEAAF9F2256ED), <4 x double> %v11, <4 x double> splat (double 0x3E928916799EDAFC))
  %v13 = call <4 x double> @llvm.fmuladd.v4f64(<4 x double> %v12, <4 x double> %v11, <4 x double> splat (double 0x3EC71DE5A3E92986))
  %v14 = call <4 x double> @llvm.fmuladd.v4f64(<4 x double> %v13, <4 x double> %v11, <4 x double> splat (double 0x3EFA019B929C397F))
  %v15 = call <4 x double> @llvm.fmuladd.v4f64(<4 x double> %v14, <4 x double> %v11, <4 x double> splat (double 0x3F2A01A018C303A5))
  %v16 = call <4 x double> @llvm.fmuladd.v4f64(<4 x double> %v15, <4 x double> %v11, <4 x double> splat (double 0x3F56C16C1788346E))
  %v17 = call <4 x double> @llvm.fmuladd.v4f64(<4 x double> %v16, <4 x double> %v11, <4 x double> splat (double 0x3F8111111111448D))
  %v18 = call <4 x double> @llvm.fmuladd.v4f64(<4 x double> %v17, <4 x double> %v11, <4 x double> splat (double 0x3FA5555555553D7D))
  %v19 = call <4 x double> @llvm.fmuladd.v4f64(<4 x double> %v18, <4 x double> %v11, <4 x double> splat (double 0x3FC555555555554D))
  %v20 = call <4 x double> @llvm.fmuladd.v4f64(<4 x double> %v19, <4 x double> %v11, <4 x double> splat (double 0x3FE0000000000001))
  %v21 = fmul <4 x double> %v11, %v11
  %v22 = call <4 x double> @llvm.fmuladd.v4f64(<4 x double> %v21, <4 x double> %v20, <4 x double> %v10)
  %v23 = fadd <4 x double> %v9, %v22
  %v24 = fadd <4 x double> %v23, splat (double 0x3FF0000000000000)
  %v25 = ashr <4 x i64> %v7, splat (i64 1)
  %v26 = add <4 x i64> %v25, splat (i64 1023)
  %v27 = shl <4 x i64> %v26, splat (i64 52)
  %v28 = bitcast <4 x i64> %v27 to <4 x double>
  %v29 = fmul <4 x double> %v24, %v28
  %v30 = sub <4 x i64> %v7, %v25
  %v31 = add <4 x i64> %v30, splat (i64 1023)
  %v32 = shl <4 x i64> %v31, splat (i64 52)
  %v33 = bitcast <4 x i64> %v32 to <4 x double>
  %v34 = fmul <4 x double> %v29, %v33
  ret <4 x double> %v34
}

define internal double @pb.expm1.f64x1(double %x) noinline nounwind {
entry:
  %v1 = fcmp ogt double %x, 0x4086300000000000
  %v2 = select i1 %v1, double 0x4086300000000000, double %x
  %v3 = fcmp olt double %v2, 0xC044000000000000
  %v4 = select i1 %v3, double 0xC044000000000000, double %v2
  %v5 = call double @llvm.fmuladd.f64(double %v4, double 0x3FF71547652B82FE, double 0x4338000000000000)
  %v6 = bitcast double %v5 to i64
  %v7 = sub i64 %v6, 4843621399236968448
  %v8 = fsub double %v5, 0x4338000000000000
  %v9 = call double @llvm.fmuladd.f64(double %v8, double 0xBFE62E42FEE00000, double %v4)
  %v10 = fmul double %v8, 0xBDEA39EF35793C76
  %v11 = fadd double %v9, %v10
  %v12 = call double @llvm.fmuladd.f64(double 0x3E5AEAAF9F2256ED, double %v11, double 0x3E928916799EDAFC)
  %v13 = call double @llvm.fmuladd.f64(double %v12, double %v11, double 0x3EC71DE5A3E92986)
  %v14 = call double @llvm.fmuladd.f64(double %v13, double %v11, double 0x3EFA019B929C397F)
  %v15 = call double @llvm.fmuladd.f64(double %v14, double %v11, double 0x3F2A01A018C303A5)
  %v16 = call double @llvm.fmuladd.f64(double %v15, double %v11, double 0x3F56C16C1788346E)
  %v17 = call double @llvm.fmuladd.f64(double %v16, double %v11, double 0x3F8111111111448D)
  %v18 = call double @llvm.fmuladd.f64(double %v17, double %v11, double 0x3FA5555555553D7D)
  %v19 = call double @llvm.fmuladd.f64(double %v18, double %v11, double 0x3FC555555555554D)
  %v20 = call double @llvm.fmuladd.f64(double %v19, double %v11, double 0x3FE0000000000001)
  %v21 = fmul double %v11, %v11
  %v22 = call double @llvm.fmuladd.f64(double %v21, double %v20, double %v10)
  %v23 = fadd double %v9, %v22
  %v24 = sub i64 %v7, 1
  %v25 = add i64 %v24, 1023
  %v26 = shl i64 %v25, 52
  %v27 = bitcast i64 %v26 to double
  %v28 = fsub double %v27, 0x3FE0000000000000
  %v29 = call double @llvm.fma.f64(double %v27, double %v23, double %v28)
  %v30 = call double @llvm.fabs.f64(double %x)
  %v31 = fcmp olt double %v30, 0x3C90000000000000
  %v32 = fadd double %v29, %v29
  %v33 = select i1 %v31, double %x, double %v32
  ret double %v33
}

define internal <4 x double> @pb.expm1.f64x4(<4 x double> %x) noinline nounwind {
entry:
  %v1 = fcmp ogt <4 x double> %x, splat (double 0x4086300000000000)
  %v2 = select <4 x i1> %v1, <4 x double> splat (double 0x4086300000000000), <4 x double> %x
  %v3 = fcmp olt <4 x double> %v2, splat (double 0xC044000000000000)
  %v4 = select <4 x i1> %v3, <4 x double> splat (double 0xC044000000000000), <4 x double> %v2
  %v5 = call <4 x double> @llvm.fmuladd.v4f64(<4 x double> %v4, <4 x double> splat (double 0x3FF71547652B82FE), <4 x double> splat (double 0x4338000000000000))
  %v6 = bitcast <4 x double> %v5 to <4 x i64>
  %v7 = sub <4 x i64> %v6, splat (i64 4843621399236968448)
  %v8 = fsub <4 x double> %v5, splat (double 0x4338000000000000)
  %v9 = call <4 x double> @llvm.fmuladd.v4f64(<4 x double> %v8, <4 x double> splat (double 0xBFE62E42FEE00000), <4 x double> %v4)
  %v10 = fmul <4 x double> %v8, splat (double 0xBDEA39EF35793C76)
  %v11 = fadd <4 x double> %v9, %v10
  %v12 = call <4 x double> @llvm.fmuladd.v4f64(<4 x double> splat (double 0x3E5AEAAF9F2256ED), <4 x double> %v11, <4 x double> splat (double 0x3E928916799EDAFC))
  %v13 = call <4 x double> @llvm.fmuladd.v4f64(<4 x double> %v12, <4 x double> %v11, <4 x double> splat (double 0x3EC71DE5A3E92986))
  %v14 = call <4 x double> @llvm.fmuladd.v4f64(<4 x double> %v13, <4 x double> %v11, <4 x double> splat (double 0x3EFA019B929C397F))
  %v15 = call <4 x double> @llvm.fmuladd.v4f64(<4 x double> %v14, <4 x double> %v11, <4 x double> splat (double 0x3F2A01A018C303A5))
  %v16 = call <4 x double> @llvm.fmuladd.v4f64(<4 x double> %v15, <4 x double> %v11, <4 x double> splat (double 0x3F56C16C1788346E))
  %v17 = call <4 x double> @llvm.fmuladd.v4f64(<4 x double> %v16, <4 x double> %v11, <4 x double> splat (double 0x3F8111111111448D))
  %v18 = call <4 x double> @llvm.fmuladd.v4f64(<4 x double> %v17, <4 x double> %v11, <4 x double> splat (double 0x3FA5555555553D7D))
  %v19 = call <4 x double> @llvm.fmuladd.v4f64(<4 x double> %v18, <4 x double> %v11, <4 x double> splat (double 0x3FC555555555554D))
  %v20 = call <4 x double> @llvm.fmuladd.v4f64(<4 x double> %v19, <4 x double> %v11, <4 x double> splat (double 0x3FE0000000000001))
  %v21 = fmul <4 x double> %v11, %v11
  %v22 = call <4 x double> @llvm.fmuladd.v4f64(<4 x double> %v21, <4 x double> %v20, <4 x double> %v10)
  %v23 = fadd <4 x double> %v9, %v22
  %v24 = sub <4 x i64> %v7, splat (i64 1)
  %v25 = add <4 x i64> %v24, splat (i64 1023)
  %v26 = shl <4 x i64> %v25, splat (i64 52)
  %v27 = bitcast <4 x i64> %v26 to <4 x double>
  %v28 = fsub <4 x double> %v27, splat (double 0x3FE0000000000000)
  %v29 = call <4 x double> @llvm.fma.v4f64(<4 x double> %v27, <4 x double> %v23, <4 x double> %v28)
  %v30 = call <4 x double> @llvm.fabs.v4f64(<4 x double> %x)
  %v31 = fcmp olt <4 x double> %v30, splat (double 0x3C90000000000000)
  %v32 = fadd <4 x double> %v29, %v29
  %v33 = select <4 x i1> %v31, <4 x double> %x, <4 x double> %v32
  ret <4 x double> %v33
}

define internal double @pb.log.f64x1(double %x) noinline nounwind {
entry:
  %v1 = fcmp olt double %x, 0x0010000000000000
  %v2 = fmul double %x, 0x4350000000000000
  %v3 = select i1 %v1, double %v2, double %x
  %v4 = bitcast double %v3 to i64
  %v5 = sub i64 %v4, 4604544271217802189
  %v6 = ashr i64 %v5, 52
  %v7 = add i64 %v6, 4843621399236968448
  %v8 = bitcast i64 %v7 to double
  %v9 = fsub double %v8, 0x4338000000000000
  %v10 = and i64 %v5, -4503599627370496
  %v11 = sub i64 %v4, %v10
  %v12 = bitcast i64 %v11 to double
  %v13 = fsub double %v9, 0x404B000000000000
  %v14 = select i1 %v1, double %v13, double %v9
  %v15 = fsub double %v12, 0x3FF0000000000000
  %v16 = fadd double %v15, 0x4000000000000000
  %v17 = fdiv double %v15, %v16
  %v18 = fmul double %v17, %v17
  %v19 = call double @llvm.fmuladd.f64(double 0x3FC2B5A8955283E0, double %v18, double 0x3FC39FE2DB2A320B)
  %v20 = call double @llvm.fmuladd.f64(double %v19, double %v18, double 0x3FC7462B65857E07)
  %v21 = call double @llvm.fmuladd.f64(double %v20, double %v18, double 0x3FCC71C62DEF7D8E)
  %v22 = call double @llvm.fmuladd.f64(double %v21, double %v18, double 0x3FD2492492DF7043)
  %v23 = call double @llvm.fmuladd.f64(double %v22, double %v18, double 0x3FD99999999952A8)
  %v24 = call double @llvm.fmuladd.f64(double %v23, double %v18, double 0x3FE5555555555558)
  %v25 = fmul double %v18, %v24
  %v26 = fmul double %v15, 0x3FE0000000000000
  %v27 = fmul double %v26, %v15
  %v28 = fadd double %v27, %v25
  %v29 = fmul double %v17, %v28
  %v30 = call double @llvm.fmuladd.f64(double %v14, double 0x3DEA39EF35793C76, double %v29)
  %v31 = fsub double %v27, %v30
  %v32 = fsub double %v15, %v31
  %v33 = call double @llvm.fmuladd.f64(double %v14, double 0x3FE62E42FEE00000, double %v32)
  %v34 = fcmp oeq double %x, 0x7FF0000000000000
  %v35 = select i1 %v34, double 0x7FF0000000000000, double %v33
  %v36 = fcmp oeq double %x, 0x0000000000000000
  %v37 = select i1 %v36, double 0xFFF0000000000000, double %v35
  %v38 = fcmp ult double %x, 0x0000000000000000
  %v39 = select i1 %v38, double 0x7FF8000000000000, double %v37
  ret double %v39
}

define internal double @pb.sigmoid.f64x1(double %x) noinline nounwind {
entry:
  %v1 = call double @llvm.fabs.f64(double %x)
  %v2 = fneg double %v1
  %v3 = call double @pb.exp.f64x1(double %v2) alwaysinline
  %v4 = fcmp olt double %x, 0x0000000000000000
  %v5 = select i1 %v4, double %v3, double 0x3FF0000000000000
  %v6 = fadd double %v3, 0x3FF0000000000000
  %v7 = fdiv double %v5, %v6
  ret double %v7
}

define internal <4 x double> @pb.sigmoid.f64x4(<4 x double> %x) noinline nounwind {
entry:
  %v1 = call <4 x double> @llvm.fabs.v4f64(<4 x double> %x)
  %v2 = fneg <4 x double> %v1
  %v3 = call <4 x double> @pb.exp.f64x4(<4 x double> %v2) alwaysinline
  %v4 = fcmp olt <4 x double> %x, splat (double 0x0000000000000000)
  %v5 = select <4 x i1> %v4, <4 x double> %v3, <4 x double> splat (double 0x3FF0000000000000)
  %v6 = fadd <4 x double> %v3, splat (double 0x3FF0000000000000)
  %v7 = fdiv <4 x double> %v5, %v6
  ret <4 x double> %v7
}

define internal double @pb.tanh.f64x1(double %x) noinline nounwind {
entry:
  %v1 = call double @llvm.fabs.f64(double %x)
  %v2 = fmul double %v1, 0xC000000000000000
  %v3 = call double @pb.expm1.f64x1(double %v2) alwaysinline
  %v4 = fadd double %v3, 0x4000000000000000
  %v5 = fdiv double %v3, %v4
  %v6 = call double @llvm.copysign.f64(double %v5, double %x)
  ret double %v6
}

define internal <4 x double> @pb.tanh.f64x4(<4 x double> %x) noinline nounwind {
entry:
  %v1 = call <4 x double> @llvm.fabs.v4f64(<4 x double> %x)
  %v2 = fmul <4 x double> %v1, splat (double 0xC000000000000000)
  %v3 = call <4 x double> @pb.expm1.f64x4(<4 x double> %v2) alwaysinline
  %v4 = fadd <4 x double> %v3, splat (double 0x4000000000000000)
  %v5 = fdiv <4 x double> %v3, %v4
  %v6 = call <4 x double> @llvm.copysign.v4f64(<4 x double> %v5, <4 x double> %x)
  ret <4 x double> %v6
}

declare ptr @malloc(i64)

; 64-byte aligned memory, or null; what malloc gave stands in the word before
define internal noalias ptr @pb.allocate(i64 %bytes) noinline nounwind {
entry:
  %all = call i64 @llvm.uadd.sat.i64(i64 %bytes, i64 72)
  %raw = call ptr @malloc(i64 %all)
  %none = icmp eq ptr %raw, null
  br i1 %none, label %failed, label %align
align:
  %past = getelementptr i8, ptr %raw, i64 71
  %aligned = call ptr @llvm.ptrmask.p0.i64(ptr %past, i64 -64)
  %word = getelementptr i8, ptr %aligned, i64 -8
  store ptr %raw, ptr %word
  ret ptr %aligned
failed:
  ret ptr null
}

declare void @free(ptr)

define internal void @pb.release(ptr %memory) noinline nounwind {
entry:
  %none = icmp eq ptr %memory, null
  br i1 %none, label %done, label %give
give:
  %word = getelementptr i8, ptr %memory, i64 -8
  %raw = load ptr, ptr %word
  call void @free(ptr %raw)
  br label %done
done:
  ret void
}

!0 = distinct !{!0, !{!"llvm.loop.unroll.runtime.disable"}}
