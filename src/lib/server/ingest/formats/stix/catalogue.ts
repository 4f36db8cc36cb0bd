/**
 * The objects of STIX 2.0 and 2.1 and their properties (STIX 2.1, parts 4 to 7; STIX 2.0, parts 2 and 4), as far as the
 * specification says MUST. One line an object: a property is `name`, `name!` when it must be there, with its type after
 * a colon: none text, `t` timestamp, `b` boolean, `i` whole number (`i1-999` within bounds), `n` number, `r` the id of an
 * object (`r(identity)` of these types), `h` hashes, `d` dictionary, `x` hexadecimal, `y` base64, `u` URL, `k` kill chain
 * phase, `(a|b)` one of these words; `[]` a list that is not empty.
 */
export type Property = { name: string; required: boolean; list: boolean; type: string; of: string[] };

const line = (text: string): Property[] =>
	text
		.trim()
		.split(/\s+/)
		.map((word) => {
			const [, name, must, type = '', args, list] =
				/^([a-z0-9_]+)(!)?(?::([a-z]*[0-9-]*)(?:\(([^)]*)\))?)?(\[\])?$/.exec(word)!;
			return {
				name: name!,
				required: must !== undefined,
				list: list !== undefined,
				type: type || (args ? 'e' : 's'),
				of: args?.split('|') ?? []
			};
		});
const table = (rows: Record<string, string>): Map<string, Property[]> =>
	new Map(Object.entries(rows).map(([type, text]) => [type, line(text)]));

const MARKS = 'object_marking_refs:r(marking-definition)[] granular_markings:g[] external_references:f[]';
/** Of every domain and relationship object. */
export const COMMON = {
	'2.0': line(`type! id!:r created_by_ref:r created!:m modified!:m revoked:b labels[] ${MARKS}`),
	'2.1': line(
		`type! spec_version!:(2.1|2.0) id!:r created_by_ref:r created!:m modified!:m revoked:b labels[] confidence:i0-100 lang:l extensions:z object_marking_refs:r[] granular_markings:g[] external_references:f[]`
	)
};
/** Of every cyber-observable object of 2.1. */
export const OBSERVED = line(
	'type! spec_version:(2.1|2.0) id!:r defanged:b extensions:z object_marking_refs:r[] granular_markings:g[]'
);

const CHAIN = 'kill_chain_phases:k[]';
const DOMAIN = {
	campaign: 'name! description aliases[] first_seen:t last_seen:t objective',
	'course-of-action': 'name! description',
	'intrusion-set':
		'name! description aliases[] first_seen:t last_seen:t goals[] resource_level primary_motivation secondary_motivations[]',
	vulnerability: 'name! description'
};

export const TYPES = {
	'2.0': table({
		...DOMAIN,
		'attack-pattern': `name! description ${CHAIN}`,
		identity: 'name! description identity_class! sectors[] contact_information',
		indicator: `name description labels![] pattern! valid_from!:t valid_until:t ${CHAIN}`,
		malware: `name! description labels![] ${CHAIN}`,
		'observed-data': 'first_observed!:t last_observed!:t number_observed!:i1-999999999 objects!:o',
		report: 'name! description labels![] published!:t object_refs!:r[]',
		'threat-actor':
			'name! description labels![] aliases[] roles[] goals[] sophistication resource_level primary_motivation secondary_motivations[] personal_motivations[]',
		tool: `name! description labels![] tool_version ${CHAIN}`,
		relationship: 'relationship_type!:w description source_ref!:r target_ref!:r',
		sighting:
			'description first_seen:t last_seen:t count:i0-999999999 sighting_of_ref!:r observed_data_refs:r(observed-data)[] where_sighted_refs:r(identity)[] summary:b'
	}),
	'2.1': table({
		...DOMAIN,
		'attack-pattern': `name! description aliases[] ${CHAIN}`,
		grouping: 'name description context! object_refs!:r[]',
		identity: 'name! description roles[] identity_class sectors[] contact_information',
		incident: 'name! description',
		indicator: `name description indicator_types[] pattern! pattern_type! pattern_version valid_from!:t valid_until:t ${CHAIN}`,
		infrastructure: `name! description infrastructure_types[] aliases[] first_seen:t last_seen:t ${CHAIN}`,
		location:
			'name description latitude:n-90-90 longitude:n-180-180 precision:n region country administrative_area city street_address postal_code',
		malware: `name description malware_types[] is_family!:b aliases[] first_seen:t last_seen:t operating_system_refs:r(software)[] architecture_execution_envs[] implementation_languages[] capabilities[] sample_refs[] ${CHAIN}`,
		'malware-analysis':
			'product! version configuration_version modules[] analysis_engine_version analysis_definition_version submitted:t analysis_started:t analysis_ended:t result_name result host_vm_ref:r(software) operating_system_ref:r(software) installed_software_refs:r(software)[] analysis_sco_refs:r[] sample_ref:r(artifact|file|network-traffic)',
		note: 'abstract content! authors[] object_refs!:r[]',
		'observed-data': 'first_observed!:t last_observed!:t number_observed!:i1-999999999 objects:o object_refs:r[]',
		opinion:
			'explanation authors[] object_refs!:r[] opinion!:(strongly-disagree|disagree|neutral|agree|strongly-agree)',
		report: 'name! description report_types[] published!:t object_refs!:r[]',
		'threat-actor':
			'name! description threat_actor_types[] aliases[] roles[] goals[] first_seen:t last_seen:t sophistication resource_level primary_motivation secondary_motivations[] personal_motivations[]',
		tool: `name! description aliases[] tool_types[] tool_version ${CHAIN}`,
		relationship: 'relationship_type!:w description source_ref!:r target_ref!:r start_time:t stop_time:t',
		sighting:
			'description first_seen:t last_seen:t count:i0-999999999 sighting_of_ref!:r observed_data_refs:r(observed-data)[] where_sighted_refs:r(identity|location)[] summary:b',
		'language-content': 'object_ref!:r object_modified:t contents!:c',
		'extension-definition':
			'name! description schema! version! extension_types!:(new-sdo|new-sco|new-sro|property-extension|toplevel-property-extension)[] extension_properties[]'
	})
};

/** Cyber-observable objects: inside an observed-data, and of their own in 2.1. */
export const OBSERVABLES = table({
	artifact: 'mime_type:v payload_bin:y url:u hashes:h encryption_algorithm decryption_key',
	'autonomous-system': 'number!:i name rir',
	directory: 'path! path_enc:q ctime:t mtime:t atime:t created:t modified:t accessed:t contains_refs[]',
	'domain-name': 'value! resolves_to_refs[]',
	'email-addr': 'value!:a display_name belongs_to_ref',
	'email-message':
		'is_multipart!:b date:t content_type from_ref sender_ref to_refs[] cc_refs[] bcc_refs[] message_id subject received_lines[] additional_header_fields:d raw_email_ref',
	file: 'hashes:h size:i0-9007199254740991 name name_enc:q magic_number_hex:x mime_type ctime:t mtime:t atime:t created:t modified:t accessed:t parent_directory_ref contains_refs[] content_ref is_encrypted:b encryption_algorithm decryption_key',
	'ipv4-addr': 'value!:p resolves_to_refs[] belongs_to_refs[]',
	'ipv6-addr': 'value!:p resolves_to_refs[] belongs_to_refs[]',
	'mac-addr': 'value!:j',
	mutex: 'name!',
	'network-traffic':
		'start:t end:t is_active:b src_ref dst_ref src_port:i0-65535 dst_port:i0-65535 protocols![] src_byte_count:i dst_byte_count:i src_packets:i dst_packets:i ipfix:d src_payload_ref dst_payload_ref encapsulates_refs[] encapsulated_by_ref',
	process:
		'is_hidden:b pid:i created_time:t created:t cwd command_line environment_variables:d opened_connection_refs[] creator_user_ref image_ref parent_ref child_refs[]',
	software: 'name! cpe swid languages[] vendor version',
	url: 'value!:u',
	'user-account':
		'user_id credential account_login account_type display_name is_service_account:b is_privileged:b can_escalate_privs:b is_disabled:b account_created:t account_expires:t credential_last_changed:t account_first_login:t account_last_login:t',
	'windows-registry-key': 'key modified_time:t modified:t creator_user_ref number_of_subkeys:i',
	'x509-certificate':
		'is_self_signed:b hashes:h version serial_number signature_algorithm issuer validity_not_before:t validity_not_after:t subject subject_public_key_algorithm subject_public_key_modulus subject_public_key_exponent:i'
});

/** Names that the specification keeps for later. */
export const RESERVED = {
	'2.0': [
		'confidence',
		'severity',
		'action',
		'usernames',
		'phone_numbers',
		'addresses',
		'first_seen_precision',
		'last_seen_precision',
		'valid_from_precision',
		'valid_until_precision'
	],
	'2.1': ['severity', 'action', 'username', 'phone_numbers']
};

/** The nine marking definitions of TLP 1 and TLP 2.0. */
export const TLP = new Map([
	['marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9', 'clear'],
	['marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da', 'green'],
	['marking-definition--f88d31f6-486f-44da-b317-01333bde0b82', 'amber'],
	['marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed', 'red'],
	['marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487', 'clear'],
	['marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb', 'green'],
	['marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421', 'amber'],
	['marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003', 'amber+strict'],
	['marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1', 'red']
]);
