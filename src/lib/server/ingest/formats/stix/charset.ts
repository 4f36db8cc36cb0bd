/** Names of character sets that are in use (IANA registry); a name of another form cannot be one. */
export const isCharset = (name: string): boolean =>
	/^(us-ascii|utf-?(7|8|16|32)(be|le)?|iso[-_]?8859-\d{1,2}(-[ei])?|iso-(2022|10646)-[a-z0-9-]+|windows-\d{3,4}|koi8-[ru]|big5(-hkscs)?|gb(2312|k|18030)|euc-(jp|kr)|shift_jis|ibm\d{3,5}|cp\d{2,5}|macintosh|hz-gb-2312|tis-620|viscii|unicode-1-1(-utf-7)?|latin\d{1,2}|ansi_x3\.\d-\d{4})$/i.test(
		name
	);
